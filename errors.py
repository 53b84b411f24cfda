"""What can go wrong in the portal itself, drawn as a tree; each error carries its HTTP status and a plain sentence.

PortalError
├── Invalid            422  the request says something that can't be used; `fields` names what
├── Unreadable         400  the request can't be read at all
├── NotSignedIn        401  nobody is signed in, or no longer
├── Refused            403  the request came from another site, or the account may not do this
├── NotFound           404  it doesn't exist, or it is somebody else's: nobody can tell which
├── ClientIdReused     409  the same `client_id` came with another body
├── Unsuitable         409  what it is about is not in a state for that
├── TooLarge           413  the body is larger than the portal reads
├── WrongType          415  the body isn't JSON
├── LimitReached       429  one of the portal's own limits; `retry_after` seconds
└── Busy               503  the database could not be written in time; `retry_after` seconds
    └── StorageFull    503  there is no room left where the database is
"""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _


class PortalError(Exception):
    """Base of all; `code` is for programs, `message` for people."""

    http_status = 500
    code = "internal"
    message = _("Something went wrong on our side. Nothing was lost; please try again.")

    def __init__(self, message: object = None, *, code: str | None = None, retry_after: int | None = None):
        super().__init__(code or self.code)
        self.message = message or self.message
        self.code = code or self.code
        self.retry_after = retry_after


class Invalid(PortalError):
    """Bad input; `fields` maps each field's name to a sentence about it."""

    http_status = 422
    code = "invalid"
    message = _("Some of this can't be used. Please check the marked fields.")

    def __init__(self, fields: Mapping[str, object], message: object = None):
        super().__init__(message)
        self.fields = dict(fields)


class Unreadable(PortalError):
    http_status = 400
    code = "unreadable"
    message = _("This request could not be read.")


class NotSignedIn(PortalError):
    http_status = 401
    code = "not_signed_in"
    message = _("Please sign in again. What you wrote is kept.")


class Refused(PortalError):
    http_status = 403
    code = "refused"
    message = _("This isn't allowed here.")


class NotFound(PortalError):
    http_status = 404
    code = "not_found"
    message = _("There is nothing here. It may have been deleted.")


class ClientIdReused(PortalError):
    http_status = 409
    code = "client_id_reused"
    message = _("This client_id was already used for something else.")


class Unsuitable(PortalError):
    http_status = 409
    code = "unsuitable"
    message = _("This can't be done just now.")


class TooLarge(PortalError):
    http_status = 413
    code = "too_large"
    message = _("This is too large to be read.")


class WrongType(PortalError):
    http_status = 415
    code = "wrong_type"
    message = _("This must be sent as application/json.")


class LimitReached(PortalError):
    http_status = 429
    code = "limit_reached"
    message = _("That was a lot at once. Please wait a moment.")


class Busy(PortalError):
    http_status = 503
    code = "busy"
    message = _("Celadon is very busy right now. Please try again in a moment.")


class StorageFull(Busy):
    code = "storage_full"
    message = _("Celadon's storage is full; the administrator has been told. Please try again later.")
