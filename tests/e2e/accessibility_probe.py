"""Reads and works a program as a screen reader does; a process of its own.

Runs under the system's Python, where pyatspi lives. Reads a request a line from standard input and
writes an answer a line to standard output, both JSON; see `OPERATIONS`. Elements are known by
numbers, 0 being the program's root. It waits for nothing: whoever asks does.
"""

import json
import os
import sys

import gi

gi.require_version("Atspi", "2.0")
import pyatspi  # noqa: E402 (the version is chosen before the import)
from gi.repository import Atspi, GLib  # noqa: E402

CALL_MILLISECONDS = 5000

elements = {}


def find_program(pid):
    """Make element 0 the program with process id `pid`; its name, or None while it is not there."""
    for program in pyatspi.Registry.getDesktop(0):
        if program is not None and program.get_process_id() == pid:
            # What is read is what the program says now, not what its last event said.
            program.set_cache_mask(Atspi.Cache.NONE)
            elements[0] = program
            return program.name
    return None


def role_of(element):
    """The role's name as it was before AT-SPI 2.56, which calls a push button a button."""
    name = element.getRoleName()
    return "push button" if name == "button" else name


def find(within, name, role, *, showing):
    """Numbers of the elements of that name and role, in the order of the tree; None matches any."""
    return [
        number_of(element)
        for element in descendants(elements[within])
        if (name is None or name in names_of(element))
        and (role is None or role_of(element) == role)
        and (not showing or element.getState().contains(pyatspi.STATE_SHOWING))
    ]


def describe(element):
    """What can be read from one element."""
    target = elements[element]
    return {
        "name": target.name,
        "role": role_of(target),
        "description": target.description,
        "states": sorted(pyatspi.stateToString(state) for state in target.getState().getStates()),
        "text": text_of(target),
        "value": value_of(target),
        "actions": actions_of(target),
        "extents": extents_of(target),
    }


def children(element):
    """Numbers of the children of an element."""
    return [number_of(child) for child in elements[element] if child is not None]


def outline(element):
    """The whole tree below an element, a line each, for a person to read."""
    lines = []

    def visit(target, depth):
        text = text_of(target)
        said = [role_of(target), repr(target.name)]
        said += [f"text={text[:80]!r}"] if text else []
        said += [f"description={target.description[:80]!r}"] if target.description else []
        said += [] if target.getState().contains(pyatspi.STATE_SHOWING) else ["(hidden)"]
        lines.append("  " * depth + " ".join(said))
        for child in target:
            if child is not None:
                visit(child, depth + 1)

    visit(elements[element], 0)
    return lines


def press(element, action):
    """Perform an action of an element: the one of that name, or its first."""
    target = elements[element].queryAction()
    names = [target.getName(index) for index in range(target.nActions)]
    wanted = names.index(action) if action in names else 0 if action is None and names else None
    if wanted is None:
        raise LookupError("there is no such action, only " + ", ".join(names))
    return target.doAction(wanted)


def set_text(element, text):
    """Replace what stands in a text box."""
    return elements[element].queryEditableText().setTextContents(text)


def focus(element):
    """Give an element the keyboard."""
    return elements[element].queryComponent().grabFocus()


def select_child(element, index):
    """Select a child of a list or of a combo box."""
    return elements[element].querySelection().selectChild(index)


OPERATIONS = {
    operation.__name__: operation
    for operation in (
        find_program,
        find,
        describe,
        children,
        outline,
        press,
        set_text,
        focus,
        select_child,
    )
}


def descendants(root):
    for child in root:
        if child is not None:
            yield child
            yield from descendants(child)


def names_of(target):
    """Its name, and the names of what labels it: Qt names a combo box by its chosen row."""
    labels = [
        relation.getTarget(index).name
        for relation in target.getRelationSet()
        if relation.getRelationType() == pyatspi.RELATION_LABELLED_BY
        for index in range(relation.getNTargets())
    ]
    return [target.name, *labels]


def number_of(target):
    for number, known in elements.items():
        if known == target:
            return number
    elements[len(elements)] = target
    return len(elements) - 1


def text_of(target):
    try:
        return target.queryText().getText(0, -1)
    except NotImplementedError:
        return None


def value_of(target):
    try:
        return target.queryValue().currentValue
    except NotImplementedError:
        return None


def actions_of(target):
    try:
        actions = target.queryAction()
    except NotImplementedError:
        return []
    return [actions.getName(index) for index in range(actions.nActions)]


def extents_of(target):
    try:
        box = target.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
    except NotImplementedError:
        return None
    return [box.x, box.y, box.width, box.height]


def main():
    """Answer until standard input ends."""
    Atspi.set_timeout(CALL_MILLISECONDS, CALL_MILLISECONDS)
    # Libraries may print; answers go to a descriptor that only this function knows.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"result": OPERATIONS[request["operation"]](**request["arguments"])}
        except (LookupError, NotImplementedError, GLib.Error) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
