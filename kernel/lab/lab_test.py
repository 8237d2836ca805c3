"""The kernel in JupyterLab and Notebook 7, in a real browser: run all, live outputs, completion, tooltip, interrupt, restart, input.

    python lab_test.py [-v]        with the packages of requirements.txt, Debian's chromium and chromium-driver

$KAIROS names the program, bin/kairos if it is not set; screenshots go to the directory $SHOTS if that is set.
"""

import os
import pathlib
import unittest

from selenium.webdriver.common.keys import Keys

from browser import Lab, Server, chromium
from execute import settings
from place import HERE, Place

# Records each state of an element's child that shows a picture or a bar, as the page comes to have it.
WATCH = """
window.states = []; window.most = 0;
const area = arguments[0];
new MutationObserver(() => {
    const shown = area.querySelectorAll('.jp-OutputArea-child');
    window.most = Math.max(window.most, shown.length);
    const state = [...area.querySelectorAll('img, progress, svg')].map(e => e.src || e.outerHTML).join();
    if (state && state !== window.states[window.states.length - 1]) window.states.push(state);
}).observe(area, {subtree: true, childList: true, attributes: true});
"""

TABLE, STREAM, BAR, PICTURE, ERROR, AFTER = 2, 3, 4, 5, 6, 7  # the cells of small.ipynb


class Test(unittest.TestCase):
    """A program in a browser, with small.ipynb open in it."""

    program, app, path = "jupyter-lab", "LabApp", "lab/tree/small.ipynb?reset"

    @classmethod
    def setUpClass(cls):
        cls.place = Place()
        cls.addClassCleanup(cls.place.close)
        settings(cls.place)
        cls.server = Server(cls.place, cls.program, cls.app)
        cls.addClassCleanup(cls.server.close)
        shots = os.environ.get("SHOTS")
        if shots:
            pathlib.Path(shots).mkdir(parents=True, exist_ok=True)
        driver = chromium()
        cls.addClassCleanup(driver.quit)
        cls.lab = Lab(driver, shots)

    def setUp(self):
        self.place.copy(HERE / "small.ipynb")
        self.lab.tall(1000)
        self.lab.open(self.server.url + self.path)

    def tearDown(self):
        self.lab.script("window.onbeforeunload = null;")
        self.lab.command("kernelmenu:shutdown")
        self.lab.see("the kernel to be gone", lambda: self.lab.script(
            "return !window.jupyterapp.shell.currentWidget.context.sessionContext.session"))

    def run_all(self, until, number):
        self.lab.menu("Run", "Run All Cells")
        self.lab.ran(until, number)


class LabTest(Test):
    def test_outputs(self):
        lab = self.lab
        self.run_all(ERROR, 6)
        self.assertIn("45", lab.output(1))
        with self.subTest("table"):
            table = lab.one("table", lab.cell(TABLE))
            self.assertEqual(len(lab.all("tbody tr", table)), 4)
            self.assertIn("cosmosqa <b>not bold</b>", table.text)
            self.assertEqual(lab.all("b", table), [])
        with self.subTest("streams"):
            self.assertIn("line 0\nline 1\nline 2", lab.output(STREAM))
            stderr = lab.one("[data-mime-type='application/vnd.jupyter.stderr']", lab.cell(STREAM))
            self.assertEqual(stderr.text.strip(), "to standard error")
        with self.subTest("bar"):
            bar = lab.one("progress", lab.cell(BAR))
            self.assertEqual((bar.get_attribute("value"), bar.get_attribute("max")), ("40", "40"))
        with self.subTest("error"):
            error = lab.one("[data-mime-type='application/vnd.jupyter.stderr']", lab.cell(ERROR))
            self.assertIn("index out of range [2] with length 2", error.text)
            self.assertTrue(lab.all("span.ansi-red-fg", error))
        with self.subTest("what comes after an error does not run"):
            lab.see("the queue to be empty", lab.rested)
            self.assertEqual((lab.prompt(AFTER), lab.output(AFTER)), ("[ ]:", ""))
        for theme in ("Light", "Dark"):
            lab.command("apputils:change-theme", {"theme": f"JupyterLab {theme}"})
            lab.see(theme, lambda: lab.script("return document.body.dataset.jpThemeName") == f"JupyterLab {theme}")
            lab.tall(2200)
            lab.shot("outputs-" + theme.lower())
        lab.command("apputils:change-theme", {"theme": "JupyterLab Light"})

    def test_pictures_change_in_place(self):
        lab = self.lab
        for index, states in ((BAR, 3), (PICTURE, 5)):
            lab.script(WATCH, lab.cell(index))
            lab.run(index)
            lab.ran(index, 1 if index == BAR else 2)
            lab.see("the kernel to rest", lab.rested)
            seen = lab.script("return window.states.length")
            self.assertGreaterEqual(seen, states, "states that were seen one after the other")
            self.assertEqual(lab.script("return window.most"), 1, "outputs at a time")
        self.assertEqual(len(lab.outputs(PICTURE)), 1)
        lab.shot("picture", lab.cell(PICTURE))

    def test_completion_and_tooltip(self):
        lab = self.lab
        lab.run(1)
        lab.ran(1, 1)
        lab.add("strings.Repl")
        lab.keys(Keys.TAB)
        menu = lab.one(".jp-Completer")
        names = [e.text for e in lab.all(".jp-Completer-match", menu)]
        self.assertEqual(sorted(names), ["Replace", "ReplaceAll", "Replacer"])
        lab.shot("completion")
        lab.keys(Keys.ESCAPE)
        with self.subTest("behind characters of two code units"):
            index = lab.add('"😀𝒻"; strings.ReplaceA')
            lab.keys(Keys.TAB)
            lab.one(".jp-Completer")
            lab.keys(Keys.ENTER)
            lab.see("the name", lambda: lab.text(".cm-line", lab.cell(index)) == '"😀𝒻"; strings.ReplaceAll')
        with self.subTest("names of the session"):
            lab.add("su")
            lab.keys(Keys.TAB)
            lab.see("the variable", lambda: "sum" in lab.text(".jp-Completer-match").split())
            lab.keys(Keys.ESCAPE)
        lab.add("strings.Repeat(")
        lab.keys(Keys.SHIFT, Keys.TAB)
        tip = lab.one(".jp-Tooltip")
        lab.see("the signature", lambda: "Repeat(s string, count int) string" in tip.text)
        self.assertIn("Repeat returns a new string", tip.text)
        lab.shot("tooltip")

    def test_interrupt_and_restart(self):
        lab = self.lab
        lab.run(1)
        lab.ran(1, 1)
        spin = lab.add("for { sum++ }")
        lab.run(spin)
        lab.see("the cell to run", lambda: lab.prompt(spin) == "[*]:")
        lab.see("the kernel to be busy", lambda: not lab.rested())
        lab.one("[data-command='notebook:interrupt-kernel'], [data-jp-item-name='interrupt'] jp-button").click()
        lab.ran(spin, 2)
        self.assertIn("interrupted", lab.output(spin))
        lab.shot("interrupted")
        index = lab.add("sum > 45")
        lab.run(index)
        self.assertEqual(lab.ran(index, 3), "true", "variables outlive an interrupt")
        lab.menu("Kernel", "Restart Kernel…")
        lab.one(".jp-Dialog .jp-mod-accept").click()
        lab.see("the dialog to close", lambda: not lab.all(".jp-Dialog"))
        lab.see("the kernel to rest", lab.rested)
        lab.run(index)
        self.assertIn("undefined: sum", lab.ran(index, 1), "a restart forgets")
        lab.run(1)
        self.assertEqual(lab.ran(1, 2), "45")

    def test_input(self):
        lab = self.lab
        index = lab.add('name, _ := cell.Input("who? ")')
        lab.run(index)
        box = lab.one("input.jp-Stdin-input")
        self.assertIn("who?", lab.text(".jp-Stdin-prompt"))
        box.send_keys("Gödel", Keys.ENTER)
        lab.ran(index, 1)
        index = lab.add("name")
        lab.run(index)
        self.assertEqual(lab.ran(index, 2), '"Gödel"')


class NotebookTest(Test):
    """The same in Notebook 7, which is made of the same parts."""

    program, app, path = "jupyter-notebook", "JupyterNotebookApp", "notebooks/small.ipynb"

    def test_outputs(self):
        lab = self.lab
        self.run_all(ERROR, 6)
        self.assertIn("45", lab.output(1))
        self.assertEqual(len(lab.all("tbody tr", lab.cell(TABLE))), 4)
        self.assertIn("40/40", lab.output(BAR))
        self.assertEqual(len(lab.all("img", lab.cell(PICTURE))), 1)
        self.assertIn("index out of range [2] with length 2", lab.output(ERROR))
        index = lab.add("strings.Repl")
        lab.keys(Keys.TAB)
        lab.see("the candidates", lambda: "ReplaceAll" in lab.text(".jp-Completer-match"))
        lab.keys(Keys.ESCAPE)
        index = lab.add("for { sum++ }")
        lab.run(index)
        lab.see("the cell to run", lambda: lab.prompt(index) == "[*]:")
        lab.menu("Kernel", "Interrupt Kernel")
        self.assertIn("interrupted", lab.ran(index, 7))
        lab.shot("notebook")


if __name__ == "__main__":
    unittest.main()
