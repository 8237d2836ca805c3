"""The kernel in Jupyter's programs that have no window: nbconvert, nbclient, papermill, the console.

    python programs_test.py [-v]   with the packages of requirements.txt and ./papermill

$KAIROS names the program, bin/kairos if it is not set.
"""

import os
import re
import unittest

import nbclient
import nbformat

from place import BIN, HERE, Place
from screen import Screen

TABLE, STREAM, BAR, PICTURE, ERROR, AFTER = 2, 3, 4, 5, 6, 7  # the cells of small.ipynb


class ProgramTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.place = Place()
        cls.addClassCleanup(cls.place.close)

    def setUp(self):
        self.small = self.place.copy(HERE / "small.ipynb")
        self.parameters = self.place.copy(HERE / "parameters.ipynb")

    def check_outputs(self, notebook):
        """Check what small.ipynb shows when it was executed to its end."""
        cells = notebook.cells
        self.assertEqual(cells[1].outputs[0].data["text/plain"], "45")
        table = cells[TABLE].outputs[0]
        self.assertEqual((table.output_type, table.execution_count), ("execute_result", 2))
        self.assertIn("cosmosqa &lt;b&gt;", table.data["text/html"])
        self.assertIn("4 rows", table.data["text/plain"])
        self.assertEqual(
            [(o.name, o.text) for o in cells[STREAM].outputs],
            [("stdout", "line 0\nline 1\nline 2\n"), ("stderr", "to standard error\n")])
        self.assertEqual(len(cells[BAR].outputs), 1, "a bar is saved once, as it was last")
        self.assertIn("40/40", cells[BAR].outputs[0].data["text/plain"])
        self.assertEqual(len(cells[PICTURE].outputs), 1, "a live picture is saved once, as it was last")
        self.assertIn("after 12 steps", cells[PICTURE].outputs[0].data["image/svg+xml"])
        self.assertIn("image/png", cells[PICTURE].outputs[0].data)
        error = cells[ERROR].outputs[0]
        self.assertEqual((error.ename, error.evalue), ("Panic", "runtime error: index out of range [2] with length 2"))
        self.assertIn("\x1b[", "\n".join(error.traceback))

    def test_nbconvert(self):
        done = self.place.run("jupyter-nbconvert", "--to", "notebook", "--execute", self.small)
        self.assertNotEqual(done.returncode, 0, "an error of a cell ends nbconvert")
        self.assertIn("index out of range [2] with length 2", done.stdout)
        done = self.place.run(
            "jupyter-nbconvert", "--to", "notebook", "--execute", "--allow-errors", "--inplace", self.small)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.check_outputs(nbformat.read(self.small, 4))
        for kind in ("html", "markdown", "script"):
            done = self.place.run("jupyter-nbconvert", "--to", kind, self.small)
            self.assertEqual(done.returncode, 0, done.stdout)
        page = (self.place.work / "small.html").read_text()
        self.assertRegex(page, r'<span class="kd">func</span>|<span class="k[a-z]*">func</span>', "Go is highlighted")
        self.assertIn("ansi-red", page)
        script = (self.place.work / "small.go").read_text()
        self.assertIn("type Task struct {", script)

    def test_nbclient(self):
        environment, os.environ = os.environ, dict(self.place.env)
        self.addCleanup(setattr, os, "environ", environment)
        notebook = nbformat.read(self.small, 4)
        client = nbclient.NotebookClient(
            notebook, timeout=120, kernel_name="kairos", allow_errors=True,
            resources={"metadata": {"path": str(self.place.work)}})
        client.execute(env=self.place.env)
        self.check_outputs(notebook)
        info = notebook.metadata.language_info
        self.assertEqual(
            (info.name, info.mimetype, info.file_extension, info.pygments_lexer), ("go", "text/x-go", ".go", "go"))

    def papermill(self, *args):
        out = self.place.work / "out.ipynb"
        done = self.place.run("papermill", self.parameters, out, "--no-progress-bar", *args)
        return done, nbformat.read(out, 4).cells if out.exists() else []

    def test_papermill_without_parameters(self):
        done, cells = self.papermill()
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(cells[-1].outputs[0].text, "8 2e-05 nearest false [1 2] map[]\n")

    def test_papermill(self):
        done, cells = self.papermill(
            "-p", "steps", "9", "-p", "rate", "1", "-r", "name", 'said "`ü😀\\', "-p", "verbose", "True",
            "-y", '{layers: [1, 2.5], options: {a: "x`y", b: [null, true]}}')
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(cells[2].metadata.tags, ["injected-parameters"])
        self.assertEqual(
            cells[-1].outputs[0].text, '9 1 said "`ü😀\\ true [1 2.5] map[a:x`y b:[<nil> true]]\n')

    def test_papermill_says_what_is_wrong(self):
        done, _ = self.papermill("-p", "steps", "many")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('cannot use "many" (untyped string constant) as int value', done.stdout)
        done, _ = self.papermill("-p", "step", "9")
        self.assertIn("Passed unknown parameter: step", done.stdout)
        self.assertIn("undefined: step", done.stdout)

    def test_papermill_knows_the_parameters(self):
        done = self.place.run("papermill", "--help-notebook", self.parameters)
        text = re.sub(r"\s+", " ", done.stdout)
        self.assertIn("steps: int (default 8) how many", text)
        self.assertIn("rate: float64 (default 2e-5)", text)
        self.assertIn('name: string (default "nearest") the order: "nearest" or "farthest"', text)
        self.assertIn("layers: []float64 (default []float64{1, 2})", text)
        self.assertIn("options: map[string]any", text)

    def test_console(self):
        console = Screen([str(BIN / "jupyter-console"), "--kernel", "kairos"], self.place.work, self.place.env)
        self.addCleanup(console.close)
        console.ends_with("In [1]:")
        self.assertIn("kairos", console.text())
        # A value.
        console.type("6 * 7\r")
        console.ends_with("In [2]:")
        self.assertIn("Out[1]: 42", console.text())
        # A cell of several lines goes on until it is complete.
        console.type("for i := range 2 {\r")
        console.see("the next line", lambda text: text.split("\n")[-1].strip().startswith("...:"))
        self.assertNotIn("^I", console.text())
        console.type('fmt.Println("line", i)\r}\r')
        console.ends_with("In [3]:")
        self.assertIn("line 0\nline 1\n", console.text())
        # Completion.
        console.type("strings.ToUpperS\t")
        console.see("the name", lambda text: text.split("\n")[-1].endswith("strings.ToUpperSpecial"))
        console.type("\x15")
        console.ends_with("In [3]:")
        # An error, in colour.
        console.type("[]int{1, 2}[len([3]int{}):]\r")
        console.ends_with("In [4]:")
        self.assertIn("slice bounds out of range", console.text())
        self.assertEqual(console.colour_of("slice bounds"), "red")
        # Ctrl-C.
        console.type('fmt.Println("spin" + "ning"); for {}\r')
        console.see("the cell to run", lambda text: "\nspinning" in text)
        console.type("\x03")
        console.ends_with("In [5]:")
        self.assertIn("interrupted", console.text())
        # Input.
        console.type('name, _ := cell.Input("who? "); fmt.Println("hello", name)\r')
        console.ends_with("who?")
        console.type("Gödel\r")
        console.ends_with("In [6]:")
        self.assertIn("hello Gödel", console.text())
        # Help.
        console.type("?strings.Repeat\r")
        console.ends_with("In [7]:")
        self.assertIn("Repeat returns a new string", console.text())
        # Ctrl-D.
        console.type("\x04")
        console.see("the question", lambda text: "Do you really want to exit" in text)
        console.type("y\r")
        self.assertEqual(console.ended(), 0)


if __name__ == "__main__":
    unittest.main()
