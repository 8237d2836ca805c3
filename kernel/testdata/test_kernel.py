"""Jupyter's own tests of kernels, for kairos.

    python -m unittest -v test_kernel.py

needs the package jupyter_kernel_test and a kernel installed as kairos, or under the name in KAIROS_KERNEL.
"""

import os
import unittest

import jupyter_kernel_test

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


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = NAME
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
