package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kairos/stdlib/shard/spark"
)

// cluster is a Spark of its own: a master and workers of one core, each a process.
type cluster struct {
	dir, master string
	home        string
	port        int
	processes   []*exec.Cmd
	workers     []*exec.Cmd // that live
	started     int
	log         *os.File // may be nil
}

// start starts a master and two workers. All listen on the loopback only.
func start(ctx context.Context, dir string) (*cluster, error) {
	home := os.Getenv("SPARK_HOME")
	if home == "" {
		return nil, errors.New("SPARK_HOME is not set: make spark gets a Spark and sets it")
	}
	if _, err := exec.LookPath("java"); err != nil && os.Getenv("JAVA_HOME") == "" {
		return nil, errors.New("there is no Java, on which Spark runs: install Java 17 or newer, such as Debian's openjdk-17-jre-headless")
	}
	// What is killed does not tidy up: all leave their files here.
	if err := os.Setenv("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir="+dir); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	listener.Close()
	c := &cluster{dir: dir, home: home, port: listener.Addr().(*net.TCPAddr).Port}
	c.master = "spark://127.0.0.1:" + strconv.Itoa(c.port)
	_, err = c.launch("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", strconv.Itoa(c.port), "--webui-port", "0")
	if err == nil {
		err = c.await(ctx, "master", "I have been elected leader")
	}
	if err == nil {
		err = c.fill(ctx)
	}
	if err != nil {
		c.stop()
		return nil, err
	}
	return c, nil
}

// fill starts workers until there are two.
func (c *cluster) fill(ctx context.Context) error {
	for len(c.workers) < 2 {
		c.started++
		name := fmt.Sprintf("worker%d", c.started)
		w, err := c.launch(name, "org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "2g",
			"--webui-port", "0", "--work-dir", filepath.Join(c.dir, name), c.master)
		if err != nil {
			return err
		}
		c.workers = append(c.workers, w)
		if err := c.await(ctx, name, "Successfully registered with master"); err != nil {
			return err
		}
	}
	return nil
}

func (c *cluster) launch(name, class string, args ...string) (*exec.Cmd, error) {
	log, err := os.Create(filepath.Join(c.dir, name+".log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd := exec.Command(filepath.Join(c.home, "bin", "spark-class"), append([]string{class}, args...)...)
	cmd.Env = append(os.Environ(), "SPARK_LOCAL_IP=127.0.0.1", "SPARK_NO_DAEMONIZE=1")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go cmd.Wait()
	c.processes = append(c.processes, cmd)
	return cmd, nil
}

// await waits until a process has logged something.
func (c *cluster) await(ctx context.Context, name, text string) error {
	path := filepath.Join(c.dir, name+".log")
	for range 600 {
		if log, err := os.ReadFile(path); err == nil && bytes.Contains(log, []byte(text)) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	log, _ := os.ReadFile(path)
	return fmt.Errorf("spark's %s has not come up in a minute: %s", name, log)
}

// stop ends all processes that were started.
func (c *cluster) stop() {
	for _, p := range c.processes {
		p.Process.Kill()
	}
}

// starts has Spark log which tasks it starts, beside what is amiss.
const starts = `rootLogger.level = warn
rootLogger.appenderRef.stderr.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.target = SYSTEM_ERR
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{HH:mm:ss} %p %c{1}: %m%n
logger.tasks.name = org.apache.spark.scheduler.TaskSetManager
logger.tasks.level = info
`

// hunted runs f, which runs cfg, and kills a worker when a task has ended and others are running.
func (c *cluster) hunted(what string, cfg *spark.Config, f func() error) error {
	if err := c.fill(context.Background()); err != nil {
		return err
	}
	logging := filepath.Join(c.dir, "log4j2.properties")
	if err := os.WriteFile(logging, []byte(starts), 0o666); err != nil {
		return err
	}
	log := watch{file: c.log}
	var once sync.Once
	cfg.Log = &log
	cfg.Conf = map[string]string{"spark.sql.files.maxPartitionBytes": "24m", "spark.executor.memory": "1g", "spark.driver.host": "127.0.0.1", "spark.ui.enabled": "false",
		"spark.driver.extraJavaOptions": "-Dlog4j2.configurationFile=file:" + logging}
	began := time.Now()
	cfg.Progress = func(step string, done, total int) {
		if step == "table" || done == 0 || done >= total {
			return
		}
		once.Do(func() {
			victim := c.workers[0]
			c.workers = c.workers[1:]
			victim.Process.Kill()
			fmt.Printf("%s on Spark: %d of %d tasks of %s had ended after %.1f s: kill -9 %d, one of two workers\n",
				what, done, total, step, time.Since(began).Seconds(), victim.Process.Pid)
		})
	}
	err := f()
	for _, line := range log.lost() {
		fmt.Println("  spark-sql:", line)
	}
	if err != nil {
		return fmt.Errorf("%s on Spark: %w", what, err)
	}
	fmt.Printf("%s on Spark: %.1f s\n", what, time.Since(began).Seconds())
	if !slices.ContainsFunc(log.lost(), func(line string) bool { return strings.HasPrefix(line, "Starting") }) {
		return fmt.Errorf("%s on Spark: no task was begun again: with so few rows, the work was done too soon", what)
	}
	return nil
}

// watch keeps what spark-sql says.
type watch struct {
	mu   sync.Mutex
	text []byte
	file *os.File
}

func (w *watch) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text = append(w.text, p...)
	if w.file != nil {
		w.file.Write(p)
	}
	return len(p), nil
}

var lost = regexp.MustCompile(`(?:ERROR|WARN) \w+: Lost executor [^\n\r]{0,100}|Starting task \d+\.[1-9]\d* in stage[^\n\r]{0,60}`)

// lost are the lines that say that a worker was lost, and which tasks were begun again.
func (w *watch) lost() (lines []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, line := range lost.FindAll(w.text, -1) {
		lines = append(lines, string(line))
	}
	return lines
}
