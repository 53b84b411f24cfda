"""The front door: builds the application in the order a request meets its parts, and serves it when run."""

if __name__ == "__main__":
    # Before anything else is imported: what is imported earlier keeps the blocking sockets and locks.
    from gevent import monkey

    monkey.patch_all()

from flask import Flask

import assets
import config
import i18n
import migrating
from extensions import babel, bind_database
from routes import access, api, chat, error_pages, guards, health, help, passwords, settings, setup, sign_in
from services import answers, models, readers, renderings, upstream


def create_app(settings_in_use: config.Config | None = None) -> Flask:
    """A portal bound to its database, migrated and ready; raises config.BadSetting or migrating.Unusable."""
    here = settings_in_use or config.load()
    app = Flask(__name__, static_folder=None)
    app.config["CELADON"] = here
    here.data_dir.mkdir(parents=True, exist_ok=True)
    migrating.upgrade(here)
    bind_database(app, here.database_url)
    babel.init_app(app, locale_selector=i18n.select_locale, default_translation_directories="locales")
    i18n.init_app(app)
    assets.init_app(app)
    upstream.init_app(app)
    models.init_app(app)
    answers.init_app(app, here)
    readers.init_app(app)
    renderings.init_app(app)
    guards.install(app, here)
    access.install(app)
    error_pages.install(app)
    for room in (chat, sign_in, setup, settings, help, passwords, health):
        app.register_blueprint(room.blueprint)
    api.install(app)
    return app


if __name__ == "__main__":
    import serving

    raise SystemExit(serving.main())
