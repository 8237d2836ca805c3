package export

import (
	"go/scanner"
	"go/token"
	"regexp"
	"strings"
)

// lexeme is a token. One that stands for the end of a line has the literal "\n".
type lexeme struct {
	tok        token.Token
	lit        string
	start, end int
}

// tokens returns the tokens of src, comments too, without EOF.
func tokens(src string) (all []lexeme) {
	file := token.NewFileSet().AddFile("", -1, len(src))
	var s scanner.Scanner
	s.Init(file, []byte(src), nil, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return all
		}
		start := file.Offset(pos)
		end := start + max(len(lit), 1)
		if lit == "" {
			end = start + len(tok.String())
		} else if lit == "\n" {
			end = start
		}
		all = append(all, lexeme{tok, lit, start, min(end, len(src))})
	}
}

var (
	// command is how a line begins that the shell understands and Go does not, where a statement can begin.
	command = regexp.MustCompile(`^\s*([%?]|:\pL)`)
	// outside is how one begins that runs another program. Go may understand it too.
	outside = regexp.MustCompile(`^\s*!`)
	// timed is one around Go, which is kept.
	timed = regexp.MustCompile(`^\s*[%:]time[ \t]+`)
	// wholeCell is a first line that tells what everything below it is, timedCell one that leaves it Go.
	wholeCell = regexp.MustCompile(`^\s*%%`)
	timedCell = regexp.MustCompile(`^\s*%%(time|capture)\b`)
)

// withoutCommands makes comments of the commands of a cell, with bang also of lines that begin with an exclamation mark.
func withoutCommands(src string, bang bool) string {
	if wholeCell.MatchString(src) && !timedCell.MatchString(src) {
		return commented(src)
	}
	var done, more strings.Builder // more is a command that may go on in the next line
	for line := range strings.Lines(src) {
		text := strings.TrimRight(line, "\r\n")
		is := command.MatchString(text) || asks(text) || bang && outside.MatchString(text)
		switch {
		case more.Len() > 0:
			more.WriteString(line)
		case !is || !betweenStatements(done.String()):
			done.WriteString(line)
			continue
		case timed.MatchString(line) && !strings.HasPrefix(strings.TrimSpace(line), "%%"):
			done.WriteString(timed.ReplaceAllString(line, ""))
			continue
		default:
			more.WriteString(line)
		}
		if betweenStatements(strings.TrimLeft(more.String(), " \t%:!?")) || outside.MatchString(more.String()) {
			done.WriteString(commented(more.String()))
			more.Reset()
		}
	}
	return done.String() + commented(more.String())
}

// asks reports whether a line of Go ends with a question mark.
func asks(line string) bool {
	all := tokens(line)
	for len(all) > 0 && all[len(all)-1].tok == token.SEMICOLON {
		all = all[:len(all)-1]
	}
	return len(all) > 1 && all[len(all)-1].tok == token.ILLEGAL && all[len(all)-1].lit == "?"
}

// commented makes a comment of each line. A cell command keeps away from the slashes, as // %% would begin a cell.
func commented(src string) string {
	var b strings.Builder
	for line := range strings.Lines(src) {
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "%%"):
			b.WriteString("// command: " + line)
		default:
			b.WriteString(strings.TrimRight("// "+strings.TrimSuffix(line, "\n"), " "))
			if strings.HasSuffix(line, "\n") {
				b.WriteByte('\n')
			}
		}
	}
	return b.String()
}

// betweenStatements reports whether a statement can begin after src.
func betweenStatements(src string) bool {
	if src == "" {
		return true
	}
	all := tokens(src)
	depth, goesOn := 0, false
	for i, l := range all {
		switch l.tok {
		case token.ILLEGAL:
			continue
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.COMMENT: // one that is not closed takes all that follows
			open := strings.HasPrefix(l.lit, "/*") && (len(l.lit) < 4 || !strings.HasSuffix(l.lit, "*/"))
			if open {
				return false
			}
			continue
		case token.STRING:
			if i == len(all)-2 && l.lit[0] == '`' && (len(l.lit) < 2 || !strings.HasSuffix(l.lit, "`")) {
				return false
			}
		}
		goesOn = l.tok != token.SEMICOLON
	}
	return depth <= 0 && !goesOn
}
