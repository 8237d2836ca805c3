"""Kernels side by side, as a client sees them: medians in a table of markdown.

    python bench.py kairos python3

needs jupyter_client, ipykernel and psutil, and the kernels installed. The first kernel is ours, and the ratios are its
figures over those of the second. Both do the same, in turn, on the same machine; the client talks to its sockets without
the loops that jupyter_client puts between, which take longer than a cell.
"""

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import psutil
import zmq
from jupyter_client import BlockingKernelClient, KernelManager
from jupyter_client.connect import write_connection_file

TIMEOUT = 60
STARTS = 9

# What each language says for the same thing.
CELLS = {
    "go": {
        "trivial": "1 + 1",
        "imports": 'import ("fmt"; "os"; "strings"; "time")',
        "complete": "strings.Ind",
        "inspect": "strings.Index",
        "prints": "for i := range 10000 { fmt.Println(i) }",
        "flood": 'line := strings.Repeat("x", 1023) + "\\n"\nfor range 50 << 10 { os.Stdout.WriteString(line) }',
        "spin": "for {}",
        "cell": "v{0} := {0}\nfmt.Println(v{0})\nv{0} * 2",
    },
    "python": {
        "trivial": "1 + 1",
        "imports": "import sys, string, time",
        "complete": "string.ascii_l",
        "inspect": "string.ascii_lowercase",
        "prints": "for i in range(10000): print(i)",
        "flood": "line = 'x' * 1023 + '\\n'\nfor i in range(50 << 10): sys.stdout.write(line)",
        "spin": "while True: pass",
        "cell": "v{0} = {0}\nprint(v{0})\nv{0} * 2",
    },
}


class Kernel:
    """A running kernel and a client of it."""

    def __init__(self, name):
        manager = KernelManager(kernel_name=name)
        spec = manager.kernel_spec
        self.cells = CELLS[spec.language]
        self.by_message = spec.interrupt_mode == "message"
        self.dir = tempfile.TemporaryDirectory()
        path, _ = write_connection_file(os.path.join(self.dir.name, "connection.json"))
        self.context = zmq.Context()
        self.context.setsockopt(zmq.RECONNECT_IVL, 2)
        self.context.setsockopt(zmq.RCVHWM, 0)
        self.client = BlockingKernelClient(connection_file=path, context=self.context)
        self.client.load_connection_file()
        manager.connection_file = path
        argv = manager.format_kernel_cmd()
        begin = time.perf_counter()
        env = dict(os.environ, JPY_PARENT_PID=str(os.getpid()), **spec.env)
        self.process = subprocess.Popen(argv, env=env, stderr=subprocess.DEVNULL, start_new_session=True)
        self.client.start_channels(hb=False)
        self.shell = self.client.shell_channel.socket
        self.control = self.client.control_channel.socket
        self.iopub = self.client.iopub_channel.socket
        self.ask(self.shell, "kernel_info_request", {})
        self.started = time.perf_counter() - begin
        time.sleep(0.3)  # for the subscription
        self.run(self.cells["imports"])

    def send(self, socket, kind, content):
        return self.client.session.send(socket, kind, content)["header"]["msg_id"]

    def receive(self, socket):
        if not socket.poll(TIMEOUT * 1000):
            raise TimeoutError("the kernel does not answer")
        return self.client.session.recv(socket)[1]

    def reply(self, socket, request):
        while True:
            message = self.receive(socket)
            if message["parent_header"].get("msg_id") == request:
                return message["content"]

    def ask(self, socket, kind, content):
        """Ask, and return the seconds it took and the answer."""
        begin = time.perf_counter()
        answer = self.reply(socket, self.send(socket, kind, content))
        return time.perf_counter() - begin, answer

    def start(self, code):
        content = dict(code=code, silent=False, store_history=True, user_expressions={}, allow_stdin=False, stop_on_error=True)
        return self.send(self.shell, "execute_request", content)

    def published(self, request):
        """Return what is published until the kernel is idle again."""
        messages = []
        while True:
            message = self.receive(self.iopub)
            if message["parent_header"].get("msg_id") != request:
                continue
            messages.append(message)
            if message["content"].get("execution_state") == "idle":
                return messages

    def run(self, code):
        """Run a cell, and return the seconds it took, the reply and what was published."""
        begin = time.perf_counter()
        request = self.start(code)
        messages = self.published(request)
        reply = self.reply(self.shell, request)
        took = time.perf_counter() - begin
        if reply["status"] != "ok":
            raise RuntimeError(f"{code!r}: {reply}")
        return took, reply, messages

    def spin(self):
        request = self.start(self.cells["spin"])
        time.sleep(0.5)
        return request

    def interrupt(self):
        if self.by_message:
            self.send(self.control, "interrupt_request", {})
        else:
            os.killpg(self.process.pid, signal.SIGINT)

    def memory(self):
        process = psutil.Process(self.process.pid)
        total = 0
        for p in [process, *process.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                total += p.memory_info().rss
        return total

    def close(self):
        self.send(self.control, "shutdown_request", {"restart": False})
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        self.kill()

    def kill(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.client.stop_channels()
        self.context.destroy(linger=0)
        self.dir.cleanup()


def median_of(n, measure):
    return statistics.median(measure() for _ in range(n))


def text_messages(messages):
    return [m for m in messages if m["header"]["msg_type"] == "stream"]


def print_lines(kernel, cell, size):
    took, _, messages = kernel.run(kernel.cells[cell])
    streams = text_messages(messages)
    got = sum(len(m["content"]["text"]) for m in streams)
    if got != size:
        raise RuntimeError(f"{cell}: {got} bytes of {size} arrived")
    return took, len(streams)


def interrupted(kernel):
    request = kernel.spin()
    begin = time.perf_counter()
    kernel.interrupt()
    status = kernel.reply(kernel.shell, request)["status"]
    took = time.perf_counter() - begin
    if status == "ok":
        raise RuntimeError("an interrupted cell is ok")
    kernel.published(request)
    return took


def asked_while_running(kernel):
    request = kernel.spin()
    took = median_of(20, lambda: kernel.ask(kernel.control, "kernel_info_request", {})[0])
    kernel.interrupt()
    kernel.reply(kernel.shell, request)
    kernel.published(request)
    return took


def growth(kernel):
    """Memory that 1,000 cells take, once the heap has found its size: between valleys of what a collector leaves."""

    def least(cells):
        samples = []
        for i in cells:
            kernel.run(kernel.cells["cell"].format(i))
            if i % 10 == 0:
                samples.append(kernel.memory())
        return min(samples)

    least(range(1000))
    before = least(range(1000, 1300))
    least(range(1300, 2000))
    return (least(range(2000, 2300)) - before) / 1e6


def shutdown_while_spinning(kernel):
    kernel.spin()
    begin = time.perf_counter()
    request = kernel.send(kernel.control, "shutdown_request", {"restart": False})
    if not kernel.control.poll(5000):
        kernel.kill()
        return None
    kernel.reply(kernel.control, request)
    took = time.perf_counter() - begin
    kernel.close()
    return took


def measure(name):
    """Return the rows of a kernel: figures by what they are of."""
    rows = {}
    starts = []
    for _ in range(STARTS):
        kernel = Kernel(name)
        starts.append(kernel.started)
        kernel.close()
    rows["start -> kernel_info_reply"] = 1000 * statistics.median(starts)
    kernel = Kernel(name)
    rows["idle memory"] = kernel.memory() / 1e6
    cells, shell = kernel.cells, kernel.shell
    rows["trivial cell"] = 1000 * median_of(200, lambda: kernel.run(cells["trivial"])[0])

    def complete():
        content = {"code": cells["complete"], "cursor_pos": len(cells["complete"])}
        return kernel.ask(shell, "complete_request", content)[0]

    def inspect():
        content = {"code": cells["inspect"], "cursor_pos": len(cells["inspect"]), "detail_level": 0}
        return kernel.ask(shell, "inspect_request", content)[0]

    rows["complete, first"] = 1000 * complete()
    rows["complete, warm"] = 1000 * median_of(100, complete)
    rows["inspect, warm"] = 1000 * median_of(100, inspect)
    prints = [print_lines(kernel, "prints", 48890) for _ in range(7)]
    rows["10,000 prints"] = 1000 * statistics.median(t for t, _ in prints)
    rows["10,000 prints, messages"] = statistics.median(n for _, n in prints)
    floods = [print_lines(kernel, "flood", 50 << 20) for _ in range(5)]
    rows["50 MB of stdout"] = 1000 * statistics.median(t for t, _ in floods)
    rows["50 MB of stdout, messages"] = statistics.median(n for _, n in floods)
    rows["interrupt of a spinning cell"] = 1000 * median_of(7, lambda: interrupted(kernel))
    rows["control reply while a cell spins"] = 1000 * asked_while_running(kernel)
    kernel.close()
    kernel = Kernel(name)
    rows["growth over 1,000 cells"] = growth(kernel)
    took = shutdown_while_spinning(kernel)
    rows["shutdown reply while a cell spins"] = took and 1000 * took
    return rows


UNITS = {"messages": "", "memory": " MB", "growth": " MB"}


def shown(row, value):
    if value is None:
        return "no reply"
    unit = next((u for word, u in UNITS.items() if word in row), " ms")
    return f"{value:.3g}{unit}" if value < 1000 else f"{value:.0f}{unit}"


def main():
    ours, theirs = sys.argv[1:3] if len(sys.argv) > 2 else ("kairos", "python3")
    a, b = measure(ours), measure(theirs)
    print(f"| median | {ours} | {theirs} | ratio |")
    print("|---|---|---|---|")
    for row in a:
        ratio = f"{a[row] / b[row]:.2g}" if a[row] is not None and b[row] else "–"
        print(f"| {row} | {shown(row, a[row])} | {shown(row, b[row])} | {ratio} |")


if __name__ == "__main__":
    main()
