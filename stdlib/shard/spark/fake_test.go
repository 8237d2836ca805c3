package spark

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// asSpark has this test binary be a spark-sql that knows the statements of this package: what it says of the table is the
// variable's value, and the rows of each partition are the lines of a file partition*.tsv beside the table. It does what
// Spark does with them: files go to a directory below the one where processes start, each partition through a process.
// Spark itself is run by make spark.
const asSpark = "KAIROS_TEST_SPARK"

func TestMain(m *testing.M) {
	if types, fake := os.LookupEnv(asSpark); fake {
		if err := sparkSQL(types, os.Args[len(os.Args)-1]); err != nil {
			fmt.Fprint(os.Stderr, "[Stage 0:>          (0 + 2) / 3]\r[Stage 0:=>     (1 + 2) / 3]\rorg.apache.spark.SparkException: Job aborted\n\tat org.apache.spark.X.y(X.scala:1)\n", err, "\n")
			os.Exit(1)
		}
		return
	}
	dir, err := os.MkdirTemp("", "kairos-spark-test")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	builds = dir
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// builds is where kairos is built, once for all tests.
var builds string

var (
	addFile = regexp.MustCompile(`(?m)^ADD FILE '(.*)';$`)
	using   = regexp.MustCompile(`(?m)^  USING '(.*)'$`)
	path    = regexp.MustCompile(`OPTIONS \(path '(.*)'\)`)
)

func sparkSQL(types, file string) error {
	if err := os.WriteFile(os.Getenv(asSpark+"_ARGS"), []byte(strings.Join(os.Args[1:], "\n")), 0o666); err != nil {
		return err
	}
	sql, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if bytes.Contains(sql, []byte("DESCRIBE train;")) {
		fmt.Print(types)
		return nil
	}
	dir, err := os.MkdirTemp("", "session")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	session := filepath.Join(dir, "4711")
	if err := os.Mkdir(session, 0o777); err != nil {
		return err
	}
	for _, name := range addFile.FindAllSubmatch(sql, -1) {
		if err := os.Symlink(string(name[1]), filepath.Join(session, filepath.Base(string(name[1])))); err != nil {
			return err
		}
	}
	table := strings.ReplaceAll(string(path.FindSubmatch(sql)[1]), `\'`, "'")
	partitions, err := filepath.Glob(filepath.Join(filepath.Dir(table), "partition*.tsv"))
	if err != nil {
		return err
	}
	var stage [][]byte
	for _, name := range partitions {
		rows, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		stage = append(stage, rows)
	}
	commands := using.FindAllSubmatch(sql, -1)
	slices.Reverse(commands) // of a query within a query, the inner one comes first
	for i, command := range commands {
		if i > 0 {
			stage = distributed(stage)
		}
		for k, rows := range stage {
			if stage[k], err = piped(dir, strings.ReplaceAll(string(command[1]), `\'`, `'`), rows); err != nil {
				return err
			}
		}
	}
	_, err = os.Stdout.Write(bytes.Join(stage, nil))
	return err
}

// distributed gives the lines of each shard to one of two partitions, in no order.
func distributed(stage [][]byte) [][]byte {
	parts := make([][]byte, 2)
	for _, line := range bytes.SplitAfter(bytes.Join(stage, nil), []byte{'\n'}) {
		if fields := bytes.Fields(line); len(fields) > 1 {
			k := int(fields[1][0]) % 2
			parts[k] = append(bytes.Clone(line), parts[k]...)
		}
	}
	return parts
}

func piped(dir, command string, rows []byte) ([]byte, error) {
	var out, errs bytes.Buffer
	cmd := exec.Command("/bin/bash", "-c", command)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, bytes.NewReader(rows), &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, errors.New("Caused by: org.apache.spark.SparkException: Subprocess exited with status 1. Error: " + errs.String())
	}
	return out.Bytes(), nil
}
