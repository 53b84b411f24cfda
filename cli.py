"""The operator's command line, `./run manage`: people, access tokens and models. Works while the portal runs."""

import argparse
import getpass
import sys
from collections.abc import Callable, Sequence

from flask import Flask

import backups
import config
import migrating
import upkeep
from app import create_app
from errors import Invalid, PortalError
from extensions import writing
from models import User
from services import access_tokens, answers, credentials, fallbacks, models, password_links, users


class Refusal(Exception):
    """What was asked can't be done; the text is a sentence."""


def main(arguments: Sequence[str] | None = None, make_app: Callable[[], Flask] = create_app) -> int:
    """Run one command; 0 when it is done, 2 with one sentence when it can't be."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.command in upkeep.COMMANDS:
            return asked.command(asked, config.load(), make_app)
        app = make_app()
    except (config.BadSetting, migrating.Unusable, backups.CannotBackUp) as reason:
        return _stop(str(reason))
    with app.app_context(), answers.desk().process:
        try:
            asked.command(asked, app.config["CELADON"])
        except Refusal as reason:
            return _stop(str(reason))
        except Invalid as error:
            return _stop("; ".join(f"{name}: {sentence}" for name, sentence in error.fields.items()))
        except PortalError as error:
            return _stop(str(error.message))
    return 0


def create_user(asked: argparse.Namespace, here: config.Config) -> None:
    """Make an account, with a password or with a link for choosing one."""
    email = users.checked_email(asked.email)
    name = users.checked_name(asked.name if asked.name is not None else email.split("@")[0])
    password = _given_password(asked)
    password_hash = credentials.new_hash(password, name, email) if password is not None else None
    with writing():
        user = users.create(email, name, password_hash=password_hash, is_admin=asked.admin)
        link = None if password_hash else password_links.create(user)
    print(f"{email} has an account.")
    _print_link(here, link)


def list_users(_asked: argparse.Namespace, _here: config.Config) -> None:
    """Everybody: address, name, role, state."""
    for user in users.all_by_email():
        print("\t".join([user.email, user.name, "administrator" if user.is_admin else "member", user.state]))


def set_password(asked: argparse.Namespace, here: config.Config) -> None:
    """A new password, or a link for choosing one; both sign the person out everywhere."""
    user = _existing(asked.email)
    password = _given_password(asked)
    password_hash = credentials.new_hash(password, user.name, user.email) if password is not None else None
    with writing():
        user = _existing(asked.email)
        if password_hash:
            credentials.put(user, password_hash)
        link = None if password_hash else password_links.create(user)
    print(f"The password of {asked.email} is changed." if password_hash else "They choose it themselves.")
    _print_link(here, link)


def unlock_user(asked: argparse.Namespace, _here: config.Config) -> None:
    """Let a frozen person in again."""
    with writing():
        users.unlock(_existing(asked.email))
    print(f"{asked.email} may sign in.")


def freeze_user(asked: argparse.Namespace, _here: config.Config) -> None:
    """Keep a person out, at once; what is theirs stays."""
    with writing():
        users.freeze(_existing(asked.email))
    print(f"{asked.email} is signed out everywhere and may not sign in.")


def create_token(asked: argparse.Namespace, _here: config.Config) -> None:
    """An access token for scripts; it stands alone on the last line and is shown this once."""
    with writing():
        _token, text = access_tokens.create(_existing(asked.email), asked.name)
    print("Keep this token; it is not shown again:")
    print(text)


def list_models(_asked: argparse.Namespace, _here: config.Config) -> None:
    """Every model that people may choose, and the one that answers when it isn't available."""
    named = fallbacks.fallbacks()
    for model in sorted({*models.known(), *named}):
        print("\t".join([model, named.get(model, "")]).rstrip())


def name_fallback(asked: argparse.Namespace, _here: config.Config) -> None:
    """Name the model that answers when this one isn't available; without another one, nobody does."""
    with writing():
        fallbacks.put(asked.model, asked.other)
    print(f"When {asked.model} isn't available, {asked.other or 'nobody'} answers.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run manage", description="People, tokens and models of this Celadon.")
    nouns = parser.add_subparsers(required=True, metavar="NOUN|VERB")
    people = nouns.add_parser("users", help="people with an account").add_subparsers(required=True, metavar="VERB")
    create = _verb(people, "create", create_user)
    create.add_argument("--name", help="what others see; else the first half of the address")
    create.add_argument("--admin", action="store_true", help="may look after the portal")
    password = _verb(people, "password", set_password)
    for verb in (create, password):
        verb.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    _verb(people, "unlock", unlock_user)
    _verb(people, "freeze", freeze_user)
    people.add_parser("list", help=_first_line(list_users)).set_defaults(command=list_users)
    tokens = nouns.add_parser("tokens", help="keys for people's scripts").add_subparsers(required=True, metavar="VERB")
    _verb(tokens, "create", create_token).add_argument("--name", default="", help="what it is for")
    _add_models(nouns.add_parser("models", help="what answers").add_subparsers(required=True, metavar="VERB"))
    upkeep.add_verbs(nouns)
    return parser


def _add_models(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verbs.add_parser("list", help=_first_line(list_models)).set_defaults(command=list_models)
    fallback = verbs.add_parser("fallback", help=_first_line(name_fallback))
    fallback.set_defaults(command=name_fallback)
    fallback.add_argument("model", metavar="MODEL")
    fallback.add_argument("other", metavar="OTHER", nargs="?", help="the model to ask then")


def _verb(
    group: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, command: Callable[..., None]
) -> argparse.ArgumentParser:
    parser = group.add_parser(name, help=_first_line(command))
    parser.set_defaults(command=command)
    parser.add_argument("email", metavar="EMAIL")
    return parser


def _first_line(command: Callable[..., None]) -> str:
    return (command.__doc__ or "").split("\n")[0]


def _given_password(asked: argparse.Namespace) -> str | None:
    """From standard input, or asked for at a terminal; None where there is neither: then a link does it."""
    if asked.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        return None
    password = getpass.getpass("Password (empty: print a link for choosing one): ")
    if password and getpass.getpass("Once more: ") != password:
        raise Refusal("The two are not the same; nothing was changed.")
    return password or None


def _existing(email: str) -> User:
    user = users.find(email)
    if user is None:
        raise Refusal(f"There is no account {email}.")
    return user


def _print_link(here: config.Config, token: str | None) -> None:
    if token:
        address = here.public_url or f"http://{here.host}:{here.port}"
        print("This link lets them choose a password, once, within 24 hours:")
        print(f"{address}/password/{token}")


def _stop(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
