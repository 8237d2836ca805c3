package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"kairos/kernel"
	"kairos/kernel/spec"
	"kairos/repl/history"
	"kairos/repl/shell"
	"kairos/repl/worker"
)

type kernelCommand struct {
	Serve     serveCommand     `cmd:"" help:"Be a kernel: what Jupyter starts."`
	Install   installCommand   `cmd:"" help:"Tell Jupyter of the kernel."`
	Uninstall uninstallCommand `cmd:"" help:"Have Jupyter forget the kernel."`
}

type serveCommand struct {
	File string `short:"f" required:"" type:"existingfile" placeholder:"FILE" help:"The connection file."`
}

// Run serves the cells of Jupyter's programs until one of them has it end.
func (c *serveCommand) Run(s worker.Streams) error {
	connection, err := kernel.ReadConnection(c.File)
	if err != nil {
		return err
	}
	past := history.Open(history.Config{Path: history.DefaultPath(os.Getenv)})
	defer past.Close()
	k, err := kernel.Listen(kernel.Config{Connection: connection, History: past, Banner: strings.Join(banner(), "\n"), Version: release()})
	if err != nil {
		return err
	}
	session, err := open(0)
	if err != nil {
		return err
	}
	return k.Serve(context.Background(), shell.New(shell.Config{
		Session: session, History: past, Version: release(), Color: true,
		Page: k.Page, Next: k.Next, Leave: k.Leave, Doctor: doctor,
	}))
}

// place is where a kernelspec lies.
type place struct {
	User      bool   `xor:"where" help:"For this user, in Jupyter's own directory of data. This is the default."`
	Prefix    string `xor:"where" placeholder:"DIR" help:"For all who use what is installed in DIR."`
	SysPrefix bool   `xor:"where" help:"In the active virtual environment, $VIRTUAL_ENV or $CONDA_PREFIX."`
	Name      string `default:"kairos" help:"Of the kernel."`
}

func (p place) config() (spec.Config, error) {
	c := spec.Config{Name: p.Name, Prefix: p.Prefix}
	if p.SysPrefix {
		if c.Prefix = cmp.Or(os.Getenv("VIRTUAL_ENV"), os.Getenv("CONDA_PREFIX")); c.Prefix == "" {
			return c, errors.New("--sys-prefix: no virtual environment is active; say where with --prefix DIR")
		}
	}
	return c, nil
}

type installCommand struct {
	place
	DisplayName string `default:"Go (kairos)" help:"What menus call it."`
}

// Run writes the kernelspec.
func (c *installCommand) Run(s worker.Streams) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	if cfg.Program, err = os.Executable(); err != nil {
		return err
	}
	cfg.DisplayName = c.DisplayName
	dir, err := spec.Install(cfg)
	if err == nil {
		fmt.Fprintf(s.Out, "installed the kernel %s in %s\n", c.Name, dir)
	}
	return err
}

type uninstallCommand struct{ place }

// Run removes the kernelspec.
func (c *uninstallCommand) Run(s worker.Streams) error {
	cfg, err := c.config()
	if err != nil {
		return err
	}
	dir, err := spec.Uninstall(cfg)
	if err == nil {
		fmt.Fprintf(s.Out, "removed %s\n", dir)
	}
	return err
}
