# SPDX-License-Identifier: MIT
"""Tables of what was measured: as comments of TAP, and in the folder WHIS_ARTEFACTS, whence
`./test real` prints them at its end."""

import os


class Table:
    """Rows under a title."""

    def __init__(self, name, title, head):
        self.name, self.title = name, title
        self.rows = [head]

    def add(self, *row):
        self.rows.append([str(cell) for cell in row])

    def lines(self):
        """In Markdown."""
        head, *rows = ["| " + " | ".join(row) + " |" for row in self.rows]
        return [self.title, "", head, "|" + " --- |" * len(self.rows[0]), *rows, ""]

    def write(self):
        """Prints it, and keeps it."""
        for line in self.lines():
            print(f"# {line}".rstrip(), flush=True)
        folder = os.environ.get("WHIS_ARTEFACTS")
        if folder and os.path.isdir(folder):
            with open(os.path.join(folder, f"real-{self.name}.md"), "w", encoding="utf-8") as file:
                file.write("\n".join(self.lines()))
