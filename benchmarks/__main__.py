"""Runs every benchmark of this folder, one after the other: ``python -m benchmarks``."""

import importlib
import pkgutil

import benchmarks

if __name__ == "__main__":
    for _, name, _ in pkgutil.iter_modules(benchmarks.__path__):
        module = None if name.startswith("__") else importlib.import_module(f"benchmarks.{name}")
        if hasattr(module, "main"):
            print(f"== {name}", flush=True)
            try:
                module.main()
            except SystemExit as skipped:  # its data is not to be had here, which it says
                print(skipped)
