"""A program at a terminal, and the screen that a person would see of it."""

import pexpect
import pyte

PATIENCE = 60  # seconds until what is waited for is taken to be missing


class Screen:
    """A program that runs in a terminal of 100 columns and 40 rows."""

    def __init__(self, argv, cwd, env):
        self.screen = pyte.HistoryScreen(100, 40, history=1000)
        self.stream = pyte.Stream(self.screen)
        env = dict(env, TERM="xterm-256color", COLUMNS="100", LINES="40", PROMPT_TOOLKIT_NO_CPR="1")
        self.child = pexpect.spawn(
            argv[0], argv[1:], cwd=str(cwd), env=env, dimensions=(40, 100), encoding="utf-8", timeout=PATIENCE)

    def text(self):
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def see(self, what, look, patience=PATIENCE):
        """Read what the program writes until look(text of the screen) is true, and return the text."""
        turns = int(patience / 0.1)
        for _ in range(turns):
            if look(self.text()):
                return self.text()
            try:
                self.stream.feed(self.child.read_nonblocking(65536, timeout=0.1))
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                break
        if look(self.text()):
            return self.text()
        raise AssertionError(f"waited for {what}; the screen:\n{self.text()}")

    def ends_with(self, text):
        """Wait until the last line of the screen is this."""
        return self.see(repr(text), lambda screen: screen.split("\n")[-1].strip() == text)

    def type(self, text):
        self.child.send(text)

    def colour_of(self, text):
        """The colour of the first character of a text on the screen."""
        for row, line in enumerate(self.screen.display):
            column = line.find(text)
            if column >= 0:
                return self.screen.buffer[row][column].fg
        raise AssertionError(f"no {text!r} on the screen:\n{self.text()}")

    def ended(self):
        """Wait for the end of the program, and return its exit status."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus

    def close(self):
        self.child.close(force=True)
