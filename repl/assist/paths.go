package assist

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// maxFiles is how many entries of a directory are looked at.
const maxFiles = 5000

// completeString completes in a string literal: an import path in imports, elsewhere the name of a file.
func (e *Engine) completeString(s *source, lit lexeme, pos int) Completion {
	quote := lit.lit[:1]
	end := lit.end
	if len(lit.lit) > 1 && strings.HasSuffix(lit.lit, quote) {
		end--
	}
	start := lit.start + 1
	if s.isImport(pos) {
		return Completion{start, end, e.importPaths(s.text[start:pos])}
	}
	written := s.text[start:pos]
	if quote == `"` {
		var err error
		if written, err = strconv.Unquote(quote + written + quote); err != nil {
			return Completion{Start: pos, End: pos}
		}
	}
	dir, prefix := filepath.Split(written)
	c := Completion{start + 1 + strings.LastIndexByte(s.text[start:pos], '/'), end, e.files(dir, prefix, quote == `"`)}
	if i := strings.IndexByte(s.text[pos:end], '/'); i >= 0 {
		c.End = pos + i
	}
	return c
}

// isImport reports whether pos is in an import declaration.
func (s *source) isImport(pos int) bool {
	return slices.ContainsFunc(s.items, func(it item) bool {
		return it.kind == importation && it.start < pos && pos < it.stop
	})
}

// importPaths lists the packages whose path or name begins with prefix.
func (e *Engine) importPaths(prefix string) []Item {
	var all, byName []candidate
	for _, at := range e.Packages {
		c := candidate{name: at, kind: "package"}
		all = append(all, c)
		if strings.HasPrefix(packageName(at), prefix) {
			byName = append(byName, c)
		}
	}
	if list := choose(prefix, all); len(list) > 0 && strings.HasPrefix(list[0].Text, prefix) || len(byName) == 0 {
		return list
	}
	return choose("", byName)
}

// files lists what is in a directory that begins with prefix. Hidden files have to be asked for by their dot.
func (e *Engine) files(dir, prefix string, quoted bool) []Item {
	full := dir
	if !filepath.IsAbs(dir) {
		full = filepath.Join(e.Dir, dir)
	}
	if full == "" {
		full = "."
	}
	f, err := os.Open(full)
	if err != nil {
		return nil
	}
	defer f.Close()
	entries, _ := f.ReadDir(maxFiles) // those that were read before an error
	var list []candidate
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, ".") && !strings.HasPrefix(prefix, ".") {
			continue
		}
		if isDir(full, entry) {
			name += "/"
		}
		if quoted {
			name = strings.Trim(strconv.Quote(name), `"`)
		}
		list = append(list, candidate{name: name, kind: "path"})
	}
	return choose(prefix, list)
}

// isDir follows symbolic links.
func isDir(dir string, entry os.DirEntry) bool {
	if entry.Type()&os.ModeSymlink == 0 {
		return entry.IsDir()
	}
	info, err := os.Stat(filepath.Join(dir, entry.Name()))
	return err == nil && info.IsDir()
}
