package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"strconv"
	"syscall"

	"kairos/repl/worker"
	"kairos/stdlib/embed"
)

// portion is how many texts are embedded at once: enough that those of a batch are of one length.
const portion = 50_000

// embedTexts embeds the texts that in holds, a JSON string per line, into a cache, and writes to out how many are done.
func embedTexts(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 3 {
		return fmt.Errorf("usage: kairos-worker %s ENCODER TOKENS DIR", worker.EmbedFlag)
	}
	tokens, err := strconv.Atoi(args[1])
	if err != nil {
		return fmt.Errorf("limit of tokens: %w", err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	encoder, err := embed.Load(args[0])
	if err != nil {
		return err
	}
	defer encoder.Close()
	before := 0
	cfg := embed.Config{MaxTokens: tokens, Cache: args[2], Progress: func(done, _ int) { fmt.Fprintln(out, before+done) }}
	texts := json.NewDecoder(bufio.NewReaderSize(in, 1<<16))
	for {
		some, err := read(texts)
		if err != nil {
			return err
		}
		if len(some) == 0 {
			return nil
		}
		if err := encoder.Fill(ctx, some, cfg); err != nil {
			return err
		}
		before += len(some)
	}
}

// read reads a portion; at the end, what is left of it.
func read(from *json.Decoder) (texts []string, err error) {
	for len(texts) < portion {
		var text string
		err := from.Decode(&text)
		if errors.Is(err, io.EOF) {
			return texts, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read texts: %w", err)
		}
		texts = append(texts, text)
	}
	return texts, nil
}
