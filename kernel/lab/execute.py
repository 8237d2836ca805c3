"""Execute a notebook in JupyterLab in a browser, and save it as JupyterLab does, with all that it shows.

    python execute.py NOTEBOOK     replaces the notebook by the executed one

Other programs drop what JupyterLab keeps, such as pages of help. Cells tagged raises-exception may fail. $KAIROS and $SHOTS
are as in lab_test.py: each time a picture in the notebook changes, a screenshot of it is saved.
"""

import os
import pathlib
import re
import sys
import time

import nbformat

from browser import Lab, Server, chromium
from place import Place

LONGEST = 600  # seconds


def settings(place):
    place.setting("@jupyterlab/notebook-extension:tracker", {"windowingMode": "none"})
    place.setting("@jupyterlab/apputils-extension:notification", {"fetchNews": "false", "checkForUpdates": False})
    place.setting("@jupyterlab/docmanager-extension:plugin", {"autosave": False})


def execute(lab):
    """Run all cells of the notebook that is open, which has no outputs, and save it."""
    lab.menu("Run", "Run All Cells")
    watch = Watch(lab)
    lab.see("all cells to run", watch.done, LONGEST, every=0.3)
    lab.see("the kernel to rest", lab.rested)
    lab.command("docmanager:save")
    lab.see("the notebook to be saved", lambda: not lab.script("return window.jupyterapp.shell.currentWidget.context.model.dirty"))


class Watch:
    """What changes while the notebook runs."""

    def __init__(self, lab):
        self.lab = lab
        self.last = None
        self.count = 0

    def done(self):
        pictures = self.lab.all(".jp-Notebook .jp-RenderedSVG img")
        state = [p.get_attribute("src") for p in pictures]
        if state and state != self.last:
            self.last = state
            self.count += 1
            self.lab.script("arguments[0].scrollIntoView({block: 'center'});", pictures[-1])
            self.lab.shot(f"picture-{self.count:02d}")
        prompts = [p.text.strip() for p in self.lab.all(".jp-CodeCell .jp-InputPrompt")]
        return any(re.fullmatch(r"\[\d+\]:", p) for p in prompts) and "[*]:" not in prompts  # those after an error are "[ ]:"


def failures(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
                yield f"In [{cell.execution_count}]: {output.evalue}"
        if cell.cell_type == "code" and cell.execution_count is None:
            yield f"not executed: {cell.source[:60]}"


def main():
    source = pathlib.Path(sys.argv[1])
    shots = os.environ.get("SHOTS")
    if shots:
        pathlib.Path(shots).mkdir(parents=True, exist_ok=True)
    place = Place()
    settings(place)
    path = place.copy(source)
    bare(path)
    docs = source.resolve().parent.parent / "docs"  # what notebooks read beside them
    if docs.exists():
        (path.parent.parent / "docs").symlink_to(docs)
    server = Server(place)
    driver = chromium()
    try:
        lab = Lab(driver, shots)
        lab.open(f"{server.url}lab/tree/{path.name}?reset")
        began = time.monotonic()
        execute(lab)
        took = time.monotonic() - began
        notebook = clean(nbformat.read(path, 4))
    finally:
        driver.quit()
        server.close()
        place.close()
    wrong = list(failures(notebook))
    if wrong:
        sys.exit("\n".join(wrong))
    nbformat.write(notebook, source)
    print(f"{source}: {took:.0f} s, {source.stat().st_size / 1000:.0f} kB")


def bare(path):
    """Take the outputs away."""
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)


def clean(notebook):
    """Drop times, which differ from run to run."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        cell.metadata.pop("trusted", None)
    return notebook


if __name__ == "__main__":
    main()
