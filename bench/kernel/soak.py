"""A notebook of 1,000 cells with failures, interrupts and crashes: the kernel stays, and memory with it.

    python soak.py kairos
"""

import sys
import time

import bench

CELLS = 1000
SETTLE = 5  # seconds after which the stack of an overflow has been given back


def cell(kernel, i):
    """Run one cell of a kind and return what is wrong with its end, if anything."""
    if i % 10 == 3:
        want, code = "error", 'panic("oh")'
    elif i % 10 == 5:
        want, code = "error", "undefined()"
    elif i % 50 == 7:
        want, code = "error", "for {}"
    elif i % 100 == 8:
        want, code = "error", 'go func() { panic("in a goroutine") }()\ntime.Sleep(time.Second)'
    elif i % 100 == 58:
        want, code = "error", "var f func()\nf = func() { f() }\nf()"
    elif i % 20 == 9:
        want, code = "ok", "for i := range 2000 { fmt.Println(i) }"
    else:
        want, code = "ok", kernel.cells["cell"].format(i)
    request = kernel.start(code)
    if code == "for {}":
        time.sleep(0.1)
        kernel.interrupt()
    kernel.published(request)
    reply = kernel.reply(kernel.shell, request)
    if reply["status"] != want:
        return f"cell {i}: {code!r} is {reply['status']}: {reply.get('evalue')}"
    if "crashed" in reply.get("evalue", ""):
        kernel.run(kernel.cells["imports"])
    return None


def main():
    kernel = bench.Kernel(sys.argv[1] if len(sys.argv) > 1 else "kairos")
    memory, wrong, begin = {}, [], time.time()
    for i in range(CELLS):
        wrong += filter(None, [cell(kernel, i)])
        if i % 100 == 99:
            time.sleep(SETTLE)
            memory[i + 1] = round(kernel.memory() / 1e6)
    kernel.run(kernel.cells["trivial"])
    kernel.close()
    print(f"{CELLS} cells took {time.time() - begin:.0f} s; MB after each hundred: {list(memory.values())}")
    for line in wrong:
        print(line)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
