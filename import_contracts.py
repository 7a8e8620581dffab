"""Two import contracts of the house that import-linter does not bring; setup.cfg uses them beside its own `layers`.

A contract that lists what is allowed needs no care when a dependency is added, and one that finds the views by itself
needs none when a package is. `python -m import_contracts` checks them all, from the top of the checkout.
"""

import sys
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, cli, fields, output

HOUSE = "graduated"


def _given(option: object) -> list[str]:
    """What setup.cfg says: import-linter declares an option as a field and replaces it by its value."""
    return cast("list[str]", option)


class OnlyThese(Contract):
    """The modules know, directly or through what they import, only the standard library and the packages allowed."""

    modules = fields.ListField(subfield=fields.StringField())
    allowed = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        allowed = {*sys.stdlib_module_names, *_given(self.allowed)}
        found: list[str] = []
        for module in _given(self.modules):
            if module not in graph.modules:
                found.append(f"{module} does not exist: correct its name in setup.cfg")
                continue
            for name in sorted(graph.find_upstream_modules(module, as_package=True)):
                if name.partition(".")[0] not in {HOUSE, *allowed}:
                    chain = graph.find_shortest_chain(importer=module, imported=name, as_packages=True) or ()
                    found.append(" -> ".join(chain))
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["found"]:
            output.print_error(line)


class ViewsAskQueries(Contract):
    """A package's views may read through another package's queries; they never write through its services or models."""

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found: list[str] = []
        for view in sorted(filter(_is_view, graph.modules)):
            for imported in sorted(graph.find_modules_directly_imported_by(view)):
                if _package(imported) != _package(view) and _is_named(imported, "services", "models"):
                    lines = graph.get_import_details(importer=view, imported=imported)
                    found.append(f"{view} -> {imported} (line {', '.join(str(row['line_number']) for row in lines)})")
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["found"]:
            output.print_error(line)


def _is_view(module: str) -> bool:
    return _is_named(module, "views")


def _is_named(module: str, *names: str) -> bool:
    """Whether the module of a package is `views`, `views_log` or `views.log` (for each of the names)."""
    house, _, rest = module.partition(".")
    parts = rest.split(".")
    return (
        house == HOUSE and len(parts) > 1 and any(parts[1] == name or parts[1].startswith(name + "_") for name in names)
    )


def _package(module: str) -> str:
    return ".".join(module.split(".")[:2])


if __name__ == "__main__":
    sys.exit(cli.lint_imports("setup.cfg", no_cache=True, no_logo=True))
