"""Jupyter's own tests of kernels, for kairos.

    python -m unittest -v test_kernel.py

needs the package jupyter_kernel_test and a kernel installed as kairos, or under the name in KAIROS_KERNEL.
"""

import os
import unittest

import jupyter_kernel_test
from jupyter_client.manager import start_new_kernel

NAME = os.environ.get("KAIROS_KERNEL", "kairos")


class KairosTests(jupyter_kernel_test.KernelTests):
    kernel_name = NAME
    language_name = "go"
    file_extension = ".go"

    code_hello_world = 'import "fmt"\nfmt.Println("hello, world")'
    code_stderr = 'import "os"\nfmt.Fprintln(os.Stderr, "oops")'
    completion_samples = [
        {"text": "strings.HasPre", "matches": {"HasPrefix"}},
        {"text": "fmt.Fprin", "matches": {"Fprint", "Fprintf", "Fprintln"}},
    ]
    complete_code_samples = ["1 + 1", "x := 1", "for i := range 3 {\n}", 's := "}"']
    incomplete_code_samples = ["for i := range 3 {", "f(1,", "s := `a"]
    invalid_code_samples = ["x := := 1", ")"]
    code_page_something = "?strings.Cut"
    code_generate_error = 'panic("oh")'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[]int{3, 1, 2}[1:]", "result": "[1 2]"},
        {"code": "6*7 + 0", "result": "42"},
        {"code": "6*7 + 1", "result": "43"},
    ]
    code_display_data = [
        {
            "code": 'import "kairos/stdlib/cell"\n'
            "type page struct{}\n"
            'func (page) HTML() string { return "<b>bold</b>" }\n'
            "cell.Show(page{})",
            "mime": mime,
        }
        for mime in ("text/html", "text/plain")
    ]
    code_history_pattern = "6*7 + 1"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "strings.Cut"
    code_clear_output = r'fmt.Print("\x1b[H\x1b[2J")'  # as a terminal is cleared

    def test_clear(self):
        self.flush_channels()
        _, messages = self.execute_helper("cell.Show(1); cell.Clear(true); cell.Show(2)")
        kinds = [m["msg_type"] for m in messages]
        self.assertEqual(kinds, ["display_data", "clear_output", "display_data"])


class CommTests(unittest.TestCase):
    """Comms, of whose messages jupyter_kernel_test knows nothing."""

    @classmethod
    def setUpClass(cls):
        cls.km, cls.kc = start_new_kernel(kernel_name=NAME)

    @classmethod
    def tearDownClass(cls):
        cls.kc.stop_channels()
        cls.km.shutdown_kernel(now=True)

    def execute(self, code):
        messages = []
        self.kc.execute_interactive(code, output_hook=messages.append, timeout=30)
        return [(m["msg_type"], m["content"].get("data")) for m in messages if m["msg_type"] != "status"]

    def event(self, kind):
        """The next published message of a kind."""
        while True:
            message = self.kc.get_iopub_msg(timeout=10)
            if message["msg_type"] == kind:
                return message["content"]

    def send(self, kind, **content):
        self.kc.shell_channel.send(self.kc.session.msg(kind, content))

    def test_to_cells(self):
        self.execute(
            'cell.Target("echo", func(c *cell.Comm, data json.RawMessage) {\n'
            "	c.OnMessage(func(data json.RawMessage) { c.Send(data) })\n"
            "})"
        )
        self.send("comm_open", comm_id="1", target_name="echo", data={})
        self.send("comm_msg", comm_id="1", data={"a": [1, None]})
        self.assertEqual(self.event("comm_msg"), {"comm_id": "1", "data": {"a": [1, None]}})
        self.send("comm_open", comm_id="2", target_name="nobody", data={})
        self.assertEqual(self.event("comm_close")["comm_id"], "2")
        reply = self.kc.comm_info(reply=True, timeout=10)
        self.assertEqual(reply["content"]["comms"], {"1": {"target_name": "echo"}})
        self.send("comm_close", comm_id="1", data={})

    def test_from_cells(self):
        messages = self.execute('c, _ := cell.OpenComm("front", map[string]int{"x": 1}); c.Send(nil); c.Close()')
        self.assertEqual(
            [m for m in messages if m[0].startswith("comm")],
            [("comm_open", {"x": 1}), ("comm_msg", {}), ("comm_close", {})],
        )

    def test_end_with_the_process(self):
        self.execute('cell.OpenComm("front", nil)')
        messages = self.execute("syscall.Kill(os.Getpid(), syscall.SIGKILL); select {}")
        self.assertIn("error", dict(messages))
        self.assertEqual(self.kc.comm_info(reply=True, timeout=10)["content"]["comms"], {})


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = NAME
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
