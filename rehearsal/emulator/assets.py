"""Takes the files and folders of a cloud assembly into S3 straight from the disk that rig and emulator share.

A layer of seventy megabytes would take seconds over TLS; what is stored is the same.
"""

import io
import os
import zipfile

import ministack.services.s3 as s3

#: The first date a zip can hold: the same files always give the same bytes.
_DATE = (1980, 1, 1, 0, 0, 0)


def publish(bucket, files):
    """Stores each of `files` ({path, packaging: file | zip, key}) in the bucket."""
    for file in files:
        body = _packed(file["path"]) if file["packaging"] == "zip" else _read(file["path"])
        status, _, answer = s3._put_object(bucket, file["key"], body, {})
        if status != 200:
            raise ValueError(f"bucket {bucket} does not take {file['path']}: {answer[:300]!r}")


def _packed(folder):
    """A zip of a folder: names sorted, one date, contents as they are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(_files(folder)):
            entry = zipfile.ZipInfo(os.path.relpath(path, folder).replace(os.sep, "/"), _DATE)
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, _read(path))
    return packed.getvalue()


def _files(folder):
    for parent, _, names in os.walk(folder, followlinks=True):
        for name in names:
            yield os.path.join(parent, name)


def _read(path):
    with open(path, "rb") as file:
        return file.read()
