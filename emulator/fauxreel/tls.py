"""The certificate and key of an emulator that serves https, looked at before anything listens.

uvicorn reads the same files again; what it would raise names neither the file nor the way out.
"""

import ssl
from pathlib import Path

from fauxreel.settings import SettingError, Settings


class _Encrypted(Exception):
    """The key asks for a passphrase."""


def verify_files(settings: Settings) -> None:
    """Checks that the files of `certfile` and `keyfile`, if they are set, are a pair.

    Raises:
        SettingError: One cannot be read, is not what it should be, or does not fit the other.
    """
    if settings.certfile is None:
        return
    certificate = f"--certfile {settings.certfile}"
    if b"-----BEGIN CERTIFICATE-----" not in _read(certificate, settings.certfile):
        raise SettingError(f"{certificate}: holds no certificate in PEM form.")
    if settings.keyfile is None:
        if not _has_key(certificate, settings.certfile):
            raise SettingError(f"{certificate}: holds no key; name the file of it with --keyfile.")
        _load(certificate, settings.certfile, settings.certfile)
        return
    key = f"--keyfile {settings.keyfile}"
    if not _has_key(key, settings.keyfile):
        raise SettingError(f"{key}: holds no private key in PEM form.")
    _load(key, settings.certfile, settings.keyfile)


def _has_key(place: str, path: Path) -> bool:
    # PKCS #8, or one of the older forms such as `BEGIN RSA PRIVATE KEY`.
    return b"PRIVATE KEY-----" in _read(place, path)


def _read(place: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingError(f"{place}: cannot be read: {error.strerror}") from None


def _load(place: str, certificate: Path, key: Path) -> None:
    """
    Args:
        place: The setting that names the key, and its value.
    """

    def no_passphrase() -> str:
        raise _Encrypted

    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key, no_passphrase)
    except _Encrypted:
        raise SettingError(
            f"{place}: the key has a passphrase; `openssl pkey -in FILE -out PLAIN` takes it off."
        ) from None
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise SettingError(
                f"{place}: is not the key of the certificate in {certificate}."
            ) from None
        why = (error.reason or "it cannot be parsed").lower().replace("_", " ")
        raise SettingError(f"{place}: certificate or key is damaged: {why}.") from None
