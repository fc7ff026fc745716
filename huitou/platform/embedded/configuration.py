"""The server's settings: written anew at every start, so that a new version brings its own."""

import os
from pathlib import Path
from typing import Final

from huitou.platform.embedded import layout

FILE: Final = "huitou.conf"
INCLUDE: Final = f"\ninclude_if_exists = '{FILE}'  # written by huitou at every start\n"
_MB: Final = 1 << 20


def text(sockets: Path, *, memory_bytes: int, shared_memory_bytes: int) -> str:
    """The settings for a machine with so much memory, of which the server takes a modest part.

    An administrator's own words (ALTER SYSTEM) come later and win.
    """
    megabytes = memory_bytes // _MB
    values: dict[str, str | int] = {
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "port": layout.PORT,
        "max_connections": 60,
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "shared_buffers": f"{_between(megabytes // 8, 128, 512)}MB",
        "effective_cache_size": f"{max(megabytes // 2, 256)}MB",
        "work_mem": f"{_between(megabytes // 128, 8, 64)}MB",
        "maintenance_work_mem": f"{_between(megabytes // 16, 64, 512)}MB",
        "random_page_cost": "1.1",
        "jit": "off",
        # Imports write much at once: few, wide checkpoints; the log of changes stays below 4 GB.
        # These programs compress it by pglz only, which takes three times as long as the posting
        # whose pages it makes smaller.
        "wal_compression": "off",
        "max_wal_size": "4GB",
        "min_wal_size": "128MB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        # Containers have little shared memory; parallel queries then use files.
        "dynamic_shared_memory_type": "posix" if shared_memory_bytes >= 512 * _MB else "mmap",
        # A session whose client has vanished must not hold its locks.
        "client_connection_check_interval": "10s",
        # One file per weekday, emptied when its day comes again. Statements and their values can
        # hold people's data: they are never logged.
        "logging_collector": "on",
        "log_directory": "log",
        "log_filename": "postgres-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": 0,
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %u ",
        "log_min_messages": "warning",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": 0,
        "log_parameter_max_length_on_error": 0,
    }
    lines = [f"{name} = '{_quoted(str(value))}'" for name, value in values.items()]
    return (
        "# Written by huitou at every start; change with ALTER SYSTEM.\n" + "\n".join(lines) + "\n"
    )


def for_this_machine(sockets: Path) -> str:
    """The settings for the machine we are on."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return text(sockets, memory_bytes=_limit(memory), shared_memory_bytes=_shared_memory_bytes())


def _limit(memory_bytes: int) -> int:
    """The memory of the machine, or of the container we are in if that is less."""
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        try:
            allowed = Path(path).read_text().strip()
        except OSError:
            continue
        if allowed.isdigit():
            return min(memory_bytes, int(allowed))
    return memory_bytes


def _shared_memory_bytes() -> int:
    try:
        room = os.statvfs("/dev/shm")
    except OSError:
        return 0 if Path("/proc").exists() else 1 << 40  # other systems have no such folder
    return room.f_bavail * room.f_frsize


def _between(number: int, least: int, most: int) -> int:
    return max(least, min(number, most))


def _quoted(value: str) -> str:
    return value.replace("'", "''")
