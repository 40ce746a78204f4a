#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the page about the D-Bus interfaces: `dbus-page.py XML… TEMPLATE > PAGE`.

The reference comes from the comments of the XML, in the form that gdbus-codegen knows: `Name:`,
a line `@argument: …` for each argument, an empty line, and what it is. Whatever has no comment, or
a comment that names another argument than there is, is an error. gdbus-codegen itself would print
the page, but loses all but the first line of what an argument is.
"""

import html
import re
import sys
import xml.etree.ElementTree as ElementTree

TYPES = {
    "s": "text", "as": "list of texts", "b": "boolean", "u": "number", "x": "number", "t": "number",
    "d": "number", "h": "file descriptor", "a{sv}": "dictionary", "aa{sv}": "list of dictionaries",
    "a(ss)": "list of pairs of texts", "a{ss}": "dictionary of texts",
    "a(sbs)": "list of name, whether, and reason",
}


class Fault(Exception):
    """Something in the XML that is not documented, or not as it should be."""


def read(path):
    """The root, and a dictionary from each element to the comment in front of it."""
    builder = ElementTree.TreeBuilder(insert_comments=True)
    root = ElementTree.parse(path, ElementTree.XMLParser(target=builder)).getroot()
    comments = {}
    for parent in root.iter():
        comment = None
        for child in parent:
            if child.tag is ElementTree.Comment:
                comment = child.text
            else:
                comments[child] = comment
                comment = None
    return root, comments


def take_apart(comment, name):
    """The arguments and the paragraphs of a comment."""
    lines = [line.strip() for line in (comment or "").strip().splitlines()]
    if not lines or not lines[0].startswith(f"{name}:"):
        raise Fault(f"{name} has no comment that begins with “{name}:”")
    paragraphs = [lines[0][len(name) + 1:].strip()]
    arguments, current = {}, None
    for line in lines[1:]:
        begins = re.match(r"@([\w-]+): *(.*)", line)
        if begins:
            current = begins[1]
            arguments[current] = begins[2]
        elif not line:
            current = None
            paragraphs.append("")
        elif current:
            arguments[current] += " " + line
        else:
            paragraphs[-1] = f"{paragraphs[-1]} {line}".strip()
    return arguments, [text for text in paragraphs if text]


class Page:
    """The reference of one interface, as HTML."""

    def __init__(self, path):
        root, self.comments = read(path)
        (self.interface,) = root.findall("interface")
        self.name = self.interface.get("name")
        # An interface of its own for an area: its members may be called as those of the first.
        self.area = self.name.partition("Whis1.")[2]
        self.names = {child.get("name") for child in self.interface
                      if child.tag in ("method", "signal", "property")}

    def mark_up(self, text):
        """Code, emphasis, and links to what is on the page."""
        text = html.escape(text, quote=False)
        text = re.sub(rf"#{re.escape(self.name)}:(\w+)", self.mark_up_property, text)
        text = re.sub(r"(?<!\w)@(\w[\w-]*)", r"<code>\1</code>", text)
        text = re.sub(r"\*(\w[^*]*)\*", r"<em>\1</em>", text)
        text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
        return re.sub(r"\b([A-Z]\w+)\(\)", self.mark_up_call, text)

    def link(self, name, text):
        if name not in self.names:
            raise Fault(f"there is no {text}")
        return f'<a href="#{self.identify(name)}"><code>{text}</code></a>'

    def identify(self, name):
        """What a member is called in the page's links."""
        return f"{self.area}.{name}" if self.area else name

    def mark_up_property(self, match):
        return self.link(match[1], match[1])

    def mark_up_call(self, match):
        return self.link(match[1], f"{match[1]}()")

    def introduce(self):
        """What stands in front of the interface."""
        arguments, paragraphs = take_apart(self.comments[self.interface], self.name)
        if "short_description" not in arguments or not paragraphs:
            raise Fault(f"{self.name} is not introduced")
        return "".join(f"<p>{self.mark_up(text)}</p>\n" for text in paragraphs)

    def list_contents(self):
        """Links to all that follows."""
        parts = []
        for tag, title in (("method", "Methods"), ("signal", "Signals"), ("property", "Properties")):
            links = ", ".join(self.link(child.get("name"), child.get("name"))
                              for child in self.interface.findall(tag))
            if links:
                parts.append(f"<dt>{title}</dt><dd>{links}</dd>\n")
        return f"<dl class=\"contents\">\n{''.join(parts)}</dl>\n"

    def describe_type(self, signature):
        if signature not in TYPES:
            raise Fault(f"the page has no name for the type {signature}")
        return f"<code>{signature}</code> {TYPES[signature]}"

    def describe_arguments(self, element, told):
        rows = []
        for argument in element.findall("arg"):
            name = argument.get("name")
            if not told.get(name):
                raise Fault(f"{element.get('name')}: nobody says what @{name} is")
            way = {"in": "in", "out": "out", None: ""}[argument.get("direction")]
            rows.append(f"<tr><td>{way}</td><td><code>{name}</code></td>"
                        f"<td>{self.describe_type(argument.get('type'))}</td>"
                        f"<td>{self.mark_up(told.pop(name))}</td></tr>\n")
        if told:
            raise Fault(f"{element.get('name')} has no argument @{next(iter(told))}")
        return f"<table>\n{''.join(rows)}</table>\n" if rows else ""

    def describe(self, element):
        """A method, signal or property."""
        name = element.get("name")
        told, paragraphs = take_apart(self.comments[element], name)
        if not paragraphs:
            raise Fault(f"nobody says what {name} is for")
        if element.tag == "property":
            kind = f" <small>{self.describe_type(element.get('type'))}, {element.get('access')}</small>"
        else:
            kind = ""
        text = "".join(f"<p>{self.mark_up(text[0].upper() + text[1:])}</p>\n" for text in paragraphs)
        table = self.describe_arguments(element, told)
        return f'<h3 id="{self.identify(name)}">{name}{kind}</h3>\n{text}{table}'

    def refer(self):
        """All of the reference."""
        heading = f'<h2 id="{self.area}">{self.name}</h2>\n' if self.area else ""
        parts = [heading, self.introduce(), self.list_contents()]
        for tag, title in (("method", "Methods"), ("signal", "Signals"), ("property", "Properties")):
            if self.interface.find(tag) is not None:
                parts.append(f'<h2 id="{self.identify(title.lower())}">{title}</h2>\n')
            parts += [self.describe(child) for child in self.interface.findall(tag)]
        return "".join(parts)


def main():
    *files, template = sys.argv[1:]
    with open(template, encoding="utf-8") as file:
        text = file.read()
    reference = ""
    for xml in files:
        try:
            reference += Page(xml).refer()
        except Fault as fault:
            sys.exit(f"{xml}: {fault}")
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(text.replace("<!-- reference -->\n", reference))


if __name__ == "__main__":
    main()
