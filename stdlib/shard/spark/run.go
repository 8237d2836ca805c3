package spark

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"kairos/stdlib/shard"
)

// find returns the path of spark-sql.
func find() (string, error) {
	if home := os.Getenv("SPARK_HOME"); home != "" {
		path := filepath.Join(home, "bin", "spark-sql")
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("$SPARK_HOME is not where a Spark lies: %w", err)
		}
		return path, java()
	}
	path, err := exec.LookPath("spark-sql")
	if err != nil {
		return "", errors.New("there is no spark-sql, neither in $SPARK_HOME/bin nor on PATH: set SPARK_HOME to where Spark lies; " +
			"to get one, pip install pyspark, which holds it all: export SPARK_HOME=$(python3 -c 'import pyspark; print(pyspark.__path__[0])')")
	}
	return path, java()
}

// java looks for what spark-sql runs on.
func java() error {
	if home := os.Getenv("JAVA_HOME"); home != "" {
		_, err := os.Stat(filepath.Join(home, "bin", "java"))
		return err
	}
	if _, err := exec.LookPath("java"); err != nil {
		return errors.New("spark-sql runs on Java, and there is no java on PATH and no JAVA_HOME: install Java 17 or newer, such as Debian's openjdk-17-jre-headless")
	}
	return nil
}

// run runs statements whose last one gives the lines of shards, and merges them as they come.
func (j *job) run(ctx context.Context, what, statements string) (*shard.Part, error) {
	in, out := io.Pipe()
	type result struct {
		part *shard.Part
		err  error
	}
	read := make(chan result, 1)
	go func() {
		part, err := shard.Read(in)
		in.CloseWithError(err)
		read <- result{part, err}
	}()
	err := j.spark(ctx, what, statements, out)
	out.CloseWithError(err)
	r := <-read
	switch {
	case err != nil:
		return nil, err
	case r.err != nil:
		return nil, r.err
	}
	return r.part, r.part.Complete(j.rows)
}

// query runs statements and returns what they give.
func (j *job) query(ctx context.Context, what, statements string) ([]byte, error) {
	var out bytes.Buffer
	err := j.spark(ctx, what, statements, &out)
	return out.Bytes(), err
}

// spark runs spark-sql in the directory of the job, where it leaves some files.
func (j *job) spark(ctx context.Context, what, statements string, out io.Writer) error {
	if err := os.WriteFile(j.file("query.sql"), []byte(statements), 0o666); err != nil {
		return err
	}
	said := &console{step: what, progress: j.cfg.Progress, log: j.cfg.Log}
	cmd := exec.CommandContext(ctx, j.sql, append(j.options(), "-S", "-f", j.file("query.sql"))...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = j.dir, out, said
	// It leaves a directory of every session among the temporary files: let it be here.
	cmd.Env = append(os.Environ(), "JDK_JAVA_OPTIONS="+os.Getenv("JDK_JAVA_OPTIONS")+` "-Djava.io.tmpdir=`+j.dir+`"`)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("spark-sql: %w: %s", err, said.cause())
	}
	return nil
}

// options of spark-sql. There are no tables that outlive the session, hence no catalog on disk.
func (j *job) options() (args []string) {
	if j.cfg.Master != "" {
		args = append(args, "--master", j.cfg.Master)
	}
	conf := map[string]string{
		"spark.sql.catalogImplementation": "in-memory",
		"spark.ui.showConsoleProgress":    "true",
	}
	maps.Copy(conf, j.cfg.Conf)
	for _, key := range slices.Sorted(maps.Keys(conf)) {
		args = append(args, "--conf", key+"="+conf[key])
	}
	return args
}

// console reads what spark-sql writes to its standard error: log lines, and bars like
//
//	[Stage 3:=====>        (12 + 4) / 50]
type console struct {
	step     string
	progress func(what string, done, total int)
	log      io.Writer
	tail     []byte
}

var bar = regexp.MustCompile(`\[Stage \d+:[^\]]*?\((\d+) \+ \d+\) / (\d+)\]`)

func (c *console) Write(p []byte) (int, error) {
	if c.log != nil {
		c.log.Write(p)
	}
	c.tail = append(c.tail, p...)
	if c.progress != nil {
		if found := bar.FindAllSubmatch(p, -1); found != nil {
			last := found[len(found)-1]
			done, _ := strconv.Atoi(string(last[1]))
			total, _ := strconv.Atoi(string(last[2]))
			c.progress(c.step, done, total)
		}
	}
	if len(c.tail) > 1<<18 {
		c.tail = bytes.Clone(c.tail[len(c.tail)-1<<17:])
	}
	return len(p), nil
}

var (
	class  = regexp.MustCompile(`^\[[A-Z_.]+\] `)
	failed = regexp.MustCompile(` ERROR \w+: (.*)`)
)

// cause finds the line that says what went wrong: one of kairos itself, which Spark repeats amid
// stack traces, else one with a class of Spark's errors, else the first that was logged as an error,
// or else the last that is no part of a trace.
func (c *console) cause() string {
	var classed, logged, last string
	for line := range strings.FieldsFuncSeq(string(c.tail), func(r rune) bool { return r == '\n' || r == '\r' }) {
		if _, ours, ok := strings.Cut(line, "kairos: "); ok {
			return ours
		}
		line = strings.TrimSpace(line)
		if class.MatchString(line) {
			classed = line
		}
		if found := failed.FindStringSubmatch(line); found != nil && logged == "" {
			logged = found[1]
		}
		if len(line) > 1 && !strings.HasPrefix(line, "at ") && !strings.HasPrefix(line, "... ") && !strings.HasPrefix(line, "[Stage ") {
			last = line
		}
	}
	return cmp.Or(classed, logged, last)
}
