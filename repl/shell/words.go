package shell

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"
)

// words takes arguments apart at blanks, as a shell does: quotes of both kinds and backslashes keep blanks.
func words(args string) (list []string, err error) {
	var word strings.Builder
	begun, quote := false, rune(0)
	escaped := false
	for _, r := range args {
		switch {
		case escaped:
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			begun, escaped = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '\'' || r == '"':
			begun, quote = true, r
		case r == ' ' || r == '\t' || r == '\n' || r == '\r':
			if begun {
				list = append(list, word.String())
			}
			word.Reset()
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote %c is not closed", quote)
	}
	if begun {
		list = append(list, word.String())
	}
	return list, nil
}

// parse takes the words of a call with flags among them, and returns the others.
func (c *call) parse(set func(*flag.FlagSet)) (rest []string, err error) {
	list, err := words(c.args)
	if err != nil {
		return nil, c.fail("%v", err)
	}
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if set != nil {
		set(flags)
	}
	for {
		if err := flags.Parse(list); err != nil {
			return nil, c.wrong(err)
		}
		list = flags.Args()
		if len(list) == 0 {
			return rest, nil
		}
		rest, list = append(rest, list[0]), list[1:]
	}
}

// wrong is the error of arguments that a command does not understand.
func (c *call) wrong(err error) error {
	cmd := c.shell.table.find(c.part)
	if errors.Is(err, flag.ErrHelp) {
		return c.fail("usage: %s", cmd.title())
	}
	return c.fail("%s; usage: %s", strings.Replace(err.Error(), "flag provided but not defined: ", "no such flag: ", 1), cmd.title())
}

// usage is the error of a call with too many or too few arguments.
func (c *call) usage() error { return c.wrong(flag.ErrHelp) }

// short writes a time with three digits.
func short(d time.Duration) string {
	if d >= time.Minute {
		return d.Round(100 * time.Millisecond).String()
	}
	for _, u := range []struct {
		unit time.Duration
		name string
	}{{time.Second, "s"}, {time.Millisecond, "ms"}, {time.Microsecond, "µs"}} {
		if d >= u.unit {
			return digits(float64(d)/float64(u.unit)) + " " + u.name
		}
	}
	return digits(float64(d)) + " ns"
}

// digits writes a number with three digits.
func digits(x float64) string {
	switch {
	case x >= 99.95:
		return fmt.Sprintf("%.0f", x)
	case x >= 9.995:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// thousands writes a number with commas.
func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
