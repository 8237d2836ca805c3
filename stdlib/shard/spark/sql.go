package spark

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kairos/stdlib/arrange"
	"kairos/stdlib/shard"
)

// pass is one pass over the table.
type pass struct {
	scores   bool
	depth    int
	farthest bool
	taken    []arrange.Place
}

// merges is how many processes put together the candidates of all shards before they come here.
const merges = 8

// literal writes s as a string of Spark's SQL.
func literal(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`, "\r", `\r`, "\n", `\n`).Replace(s) + "'"
}

// name writes the name of a column.
func name(s string) string { return "`" + strings.ReplaceAll(s, "`", "``") + "`" }

// view is the statement that makes a view, train, of the table.
func (j *job) view() string {
	return fmt.Sprintf("CREATE TEMPORARY VIEW train USING %s OPTIONS (path %s);\n", name(j.cfg.Format), literal(j.cfg.Train))
}

// transform pipes rows of columns through a command of kairos, of which each line becomes a row.
// In all ways that Spark can be set up, fields are text between tabs here, and a null is \N.
func transform(columns, command, from string) string {
	return "SELECT TRANSFORM (" + columns + `) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t'` +
		"\n  USING " + literal(started(command)) +
		"\n  AS (line STRING) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\n'\nFROM " + from
}

// started is the shell's command that finds kairos and runs it. ADD FILE puts files into the
// directory where TRANSFORM starts processes, and since Spark 4 into one of the session's there.
// Spark runs as many processes as it has cores, so that one is enough for each.
func started(command string) string {
	return `for d in . ./*/; do if [ -x "$d/` + programFile + `" ]; then cd "$d" && GOMAXPROCS=1 exec ./` + programFile + " " + command +
		`; fi; done; echo "kairos: spark: ADD FILE did not bring ` + programFile + ` to $(hostname):$PWD" >&2; exit 127`
}

// pass has the cluster compute all shards, and merges what they say.
func (j *job) pass(ctx context.Context, p pass) (*shard.Part, error) {
	if err := j.writeTaken(p.taken); err != nil {
		return nil, err
	}
	return j.run(ctx, p.says(), j.statements(p))
}

// says names the pass for people.
func (p pass) says() string {
	switch {
	case p.scores:
		return "scores"
	case len(p.taken) > 0:
		return fmt.Sprintf("candidates after %d rows", len(p.taken))
	}
	return "candidates"
}

// statements are the SQL of a pass.
//
// Candidates of all shards are many more than those of all rows: as many times as there are
// shards. So a second stage merges them by groups of shards, each of which goes whole to one
// process. Scores are one line for each row, which no merging makes fewer.
func (j *job) statements(p pass) string {
	var b strings.Builder
	for _, file := range []string{programFile, testFile, takenFile} {
		fmt.Fprintf(&b, "ADD FILE %s;\n", literal(j.file(file)))
	}
	b.WriteString(j.view())
	query := transform("CAST("+name(j.cfg.Row)+" AS STRING), "+j.vector, j.command(p), "train")
	if !p.scores {
		shards := "(\nSELECT line FROM (\n" + query + "\n) DISTRIBUTE BY pmod(hash(split(line, ' ')[1]), " + strconv.Itoa(merges) + ")\n)"
		query = transform("line", "merge --partial", shards)
	}
	return b.String() + query + ";\n"
}

// command is kairos shard for a pass.
func (j *job) command(p pass) string {
	words := []string{"shard", "--test", testFile, "--measure", string(j.measure())}
	switch {
	case p.scores:
		words = append(words, "--method", "nft")
	case p.farthest:
		words = append(words, "--method", "tma-max")
	default:
		words = append(words, "--method", "tma-min")
	}
	if !p.scores {
		words = append(words, "--depth", strconv.Itoa(p.depth), "--taken", takenFile)
	}
	return strings.Join(words, " ")
}

func (j *job) measure() shard.Measure {
	if j.cfg.Measure == "" {
		return shard.WSD
	}
	return j.cfg.Measure
}

// look finds out how many rows the table has, and how its vectors become text.
func (j *job) look(ctx context.Context) error {
	out, err := j.query(ctx, "table", j.view()+"DESCRIBE train;\nSELECT 'kairos rows', count(*) FROM train;\n")
	if err != nil {
		return err
	}
	types := map[string]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if len(fields) == 2 && fields[0] == "kairos rows" {
			if j.rows, err = strconv.Atoi(fields[1]); err != nil {
				return err
			}
		} else if len(fields) >= 2 {
			types[strings.TrimSpace(fields[0])] = strings.TrimSpace(fields[1])
		}
	}
	if j.rows == 0 {
		return fmt.Errorf("%s has no rows", j.cfg.Train)
	}
	return j.columns(types)
}

// columns checks the columns of the table.
func (j *job) columns(types map[string]string) error {
	number, column := types[j.cfg.Row], name(j.cfg.Vector)
	if !slices.Contains([]string{"tinyint", "smallint", "int", "bigint"}, number) {
		return fmt.Errorf("%s: column %s is %s: want the index of each row, from 0, as a whole number", j.cfg.Train, j.cfg.Row, orMissing(number))
	}
	switch kind := types[j.cfg.Vector]; {
	case kind == "binary": // some releases break base64 into lines
		j.vector = `translate(base64(` + column + `), '\r\n', '')`
	case kind == "string":
		j.vector = column
	case strings.HasPrefix(kind, "array<"):
		j.vector = "to_json(" + column + ")"
	default:
		return fmt.Errorf("%s: column %s is %s: want an array of numbers, or float32 values as binary or its base64", j.cfg.Train, j.cfg.Vector, orMissing(kind))
	}
	return nil
}

func orMissing(kind string) string {
	if kind == "" {
		return "missing"
	}
	return "of type " + kind
}
