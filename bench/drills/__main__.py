"""Runs one drill by its name, or names them all; more words are the drill's own (--short, --planted, --count)."""

if __name__ == "__main__":
    # Drills act as many people at once, and some run the portal beside them: cooperatively, as it is served.
    from gevent import monkey

    monkey.patch_all()

import importlib
import pkgutil
import sys

import bench.drills


def main(words: list[str]) -> int:
    """Exit code of the drill."""
    names = [module.name for module in pkgutil.iter_modules(bench.drills.__path__) if module.name != "__main__"]
    if not words or words[0] not in names:
        print("./run drills NAME [--short] [--planted [BUG]] [--count N], where NAME is one of:")
        for name in names:
            print(f"  {name:<10} {importlib.import_module(f'bench.drills.{name}').__doc__}")
        return 0 if not words else 2
    code: int = importlib.import_module(f"bench.drills.{words[0]}").main(words[1:])
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
