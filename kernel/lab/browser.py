"""JupyterLab in a browser without a screen: what a person does there, and what the person sees.

Nothing here sleeps: see() waits until something is so, and says what it waited for when it never is.
"""

import os
import pathlib
import re
import subprocess
import time
import urllib.request

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from place import BIN

PATIENCE = 60  # seconds until what is waited for is taken to be missing


class Server:
    """A server of JupyterLab, or of Notebook 7, on a free port."""

    def __init__(self, place, program="jupyter-lab", app="LabApp"):
        self.log = open(place.root / "server.log", "w+")
        self.process = subprocess.Popen(
            [
                str(BIN / program), "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0",
                "--IdentityProvider.token=", "--ServerApp.password=", "--ServerApp.disable_check_xsrf=True",
                f"--{app}.expose_app_in_browser=True", "--ServerApp.open_browser=False",
            ],
            cwd=place.work, env=place.env, stdout=self.log, stderr=subprocess.STDOUT,
        )
        self.url = self._wait(place)

    def _wait(self, place):
        """The address, once the server answers there."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            found = re.search(r"http://127\.0\.0\.1:\d+/", pathlib.Path(self.log.name).read_text())
            if found:
                try:
                    urllib.request.urlopen(found[0] + "api", timeout=5).close()
                    return found[0]
                except OSError:
                    pass
            pause(0.05)
        raise AssertionError("the server did not start:\n" + pathlib.Path(self.log.name).read_text())

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def pause(seconds):
    """Give way between two looks at what is waited for."""
    time.sleep(seconds)


def chromium():
    options = webdriver.ChromeOptions()
    options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    for arg in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1200,1000",
        "--force-device-scale-factor=1", "--hide-scrollbars", "--disable-background-networking",
    ):
        options.add_argument(arg)
    service = webdriver.ChromeService(os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    driver.set_script_timeout(PATIENCE)
    return driver


class Lab:
    """A browser that shows a notebook."""

    cells = ".jp-Notebook .jp-Cell"

    def __init__(self, driver, shots=None):
        self.driver = driver
        self.shots = shots

    def open(self, url):
        self.driver.get(url)
        self.see("the notebook and its kernel at rest", self.rested)

    # What is seen.

    def see(self, what, look, patience=PATIENCE, every=0.02):
        """Wait until look() is true, and return what it returned."""
        end = time.monotonic() + patience
        while True:
            try:
                found = look()
            except (StaleElementReferenceException, IndexError):
                found = None
            if found:
                return found
            if time.monotonic() > end:
                self.shot("failed")
                raise AssertionError(f"waited {patience} s for {what}; seen:\n{self.text('body')[-3000:]}")
            pause(every)

    def all(self, selector, within=None):
        return (within or self.driver).find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector, within=None):
        return self.see(selector, lambda: [e for e in self.all(selector, within) if e.is_displayed()])[0]

    def text(self, selector, within=None):
        return "\n".join(e.text for e in self.all(selector, within))

    def cell(self, index):
        return self.all(self.cells)[index]

    def prompt(self, index):
        """What stands before a cell: [3]:, [*]: or [ ]:"""
        return self.text(".jp-InputPrompt", self.cell(index)).strip()

    def outputs(self, index):
        return self.all(".jp-OutputArea-child", self.cell(index))

    def output(self, index):
        return self.text(".jp-OutputArea-output", self.cell(index))

    def rested(self):
        """Whether the kernel of the notebook in front is idle, by the JupyterLab's own account."""
        return self.script(
            "const w = window.jupyterapp && window.jupyterapp.shell.currentWidget;"
            "const c = w && w.context && w.context.sessionContext;"
            "return Boolean(c && c.isReady && c.session && c.session.kernel && c.session.kernel.status === 'idle'"
            " && document.querySelector('.jp-Notebook .jp-Cell'));"
        )

    def script(self, source, *args):
        return self.driver.execute_script(source, *args)

    def shot(self, name, element=None):
        """Save what the browser shows, if a directory for that was given."""
        if self.shots:
            path = str(pathlib.Path(self.shots) / (name + ".png"))
            (element.screenshot if element else self.driver.save_screenshot)(path)

    def tall(self, height):
        """Make the window so high, and show the notebook from its beginning."""
        self.driver.set_window_size(1200, height)
        self.script("for (const e of document.querySelectorAll('.jp-WindowedPanel-outer')) e.scrollTop = 0;")

    # What is done.

    def command(self, name, args=None):
        """Run a command of JupyterLab: what a menu does that is not itself tested."""
        self.script("window.jupyterapp.commands.execute(arguments[0], arguments[1] || {});", name, args)

    def menu(self, *labels):
        """Choose from the menu bar by the labels that are seen."""
        for depth, label in enumerate(labels):
            selector = ".lm-MenuBar-itemLabel" if depth == 0 else ".lm-Menu-itemLabel"
            self.see(f"menu {label}", lambda: [
                e for e in self.all(selector) if e.is_displayed() and e.text.strip() == label
            ])[0].click()

    def focus(self, index):
        """Click into a cell, at its end."""
        self.script("arguments[0].scrollIntoView({block: 'center'});", self.cell(index))
        self.one(".cm-content", self.cell(index)).click()
        self.keys(Keys.CONTROL, Keys.END)

    def keys(self, *keys):
        """Press keys: the modifiers among them are held."""
        held = [k for k in keys if k in (Keys.CONTROL, Keys.SHIFT, Keys.ALT)]
        chain = ActionChains(self.driver, duration=0)
        for k in held:
            chain.key_down(k)
        for k in keys:
            if k not in held:
                chain.send_keys(k)
        for k in held:
            chain.key_up(k)
        chain.perform()

    def add(self, source):
        """Add a cell at the end, with the source typed into it, and return its index."""
        last = len(self.all(self.cells))
        self.focus(last - 1)
        self.command("notebook:insert-cell-below")
        self.see("a new cell", lambda: len(self.all(self.cells)) == last + 1)
        self.focus(last)
        self.keys(source)
        return last

    def run(self, index):
        """Run a cell as it is, by Ctrl-Enter."""
        self.focus(index)
        self.keys(Keys.CONTROL, Keys.ENTER)

    def ran(self, index, number):
        """Wait until a cell ran under a number, and return what it shows."""
        self.see(f"cell {index} to be [{number}]", lambda: self.prompt(index) == f"[{number}]:")
        return self.output(index)
