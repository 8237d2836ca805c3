"""A place of its own for a test: a directory to work in, and a kernel that only the test knows of.

The kernel is that of bin/kairos, or of the program that $KAIROS names. Jupyter's data, settings and state lie in a
temporary directory, so that nothing of the user's takes part and nothing is left behind.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
BIN = pathlib.Path(sys.executable).parent


class Place:
    """Directories and the environment in which Jupyter's programs are started."""

    def __init__(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="kairos-lab-"))
        self.work = self.root / "work"
        self.work.mkdir()
        (self.root / "runtime").mkdir(mode=0o700)
        self.env = dict(
            os.environ,
            JUPYTER_DATA_DIR=str(self.root / "data"),
            JUPYTER_CONFIG_DIR=str(self.root / "config"),
            JUPYTER_RUNTIME_DIR=str(self.root / "runtime"),
            JUPYTERLAB_SETTINGS_DIR=str(self.root / "settings"),
            JUPYTERLAB_WORKSPACES_DIR=str(self.root / "workspaces"),
            IPYTHONDIR=str(self.root / "ipython"),
            XDG_STATE_HOME=str(self.root / "state"),
            PYDEVD_DISABLE_FILE_VALIDATION="1",
        )
        kairos = os.environ.get("KAIROS", str(ROOT / "bin" / "kairos"))
        subprocess.run([kairos, "kernel", "install"], env=self.env, check=True, stdout=subprocess.DEVNULL)

    def setting(self, plugin, values):
        """Write settings of a plugin of JupyterLab, such as @jupyterlab/notebook-extension:tracker."""
        extension, name = plugin.split(":")
        path = self.root / "settings" / extension / (name + ".jupyterlab-settings")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))

    def copy(self, path):
        """Copy a file into the working directory."""
        return pathlib.Path(shutil.copy(path, self.work))

    def run(self, program, *args, **options):
        """Run one of Jupyter's programs in the working directory; what it said is in the result."""
        options.setdefault("timeout", 120)
        return subprocess.run(
            [str(BIN / program), *map(str, args)], cwd=self.work, env=self.env,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options,
        )

    def close(self):
        shutil.rmtree(self.root, ignore_errors=True)
