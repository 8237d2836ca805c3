package data

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"kairos/stdlib/assets"
)

// ChatterBot reads the English conversations of the ChatterBot corpus, from where kairos keeps what it
// fetched, as ReadChatterBot does. Where they are missing the error says how to fetch them.
func ChatterBot() ([]Example, error) {
	dir, err := assets.Path("chatterbot-corpus")
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	return ReadChatterBot(dir)
}

// ReadChatterBot reads the conversations of all files NAME.yml of a directory, each of which has a list of
// "conversations", which are lists of texts. Of a conversation it takes the first question and
// answer: what follows are further turns in some files and other answers to the same question in others. An exchange that comes
// again is taken once, and a text that stands alone is a question without answer. The ID is the file's name and the
// place in it, as trivia-12; a task there is none.
func ReadChatterBot(dir string) ([]Example, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.yml"))
	if err == nil && len(paths) == 0 {
		err = fmt.Errorf("%s has no files *.yml", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("data: read conversations: %w", err)
	}
	var examples []Example
	seen := map[string]bool{}
	for _, path := range paths {
		all, err := readConversations(path)
		if err != nil {
			return nil, fmt.Errorf("data: read %s: %w", path, err)
		}
		name := strings.TrimSuffix(filepath.Base(path), ".yml")
		for i, texts := range all {
			texts = texts[:min(2, len(texts))]
			if key := strings.Join(texts, "\x00"); !seen[key] {
				seen[key] = true
				examples = append(examples, Example{ID: fmt.Sprintf("%s-%d", name, i), Data: texts})
			}
		}
	}
	return examples, nil
}

// readConversations reads the texts of a file, without space around them.
func readConversations(path string) ([]conversation, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct {
		Conversations []conversation
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	if len(file.Conversations) == 0 {
		return nil, errors.New(`want a list of "conversations"`)
	}
	return file.Conversations, nil
}

// conversation is a list of texts. Numbers and the like are texts as they are written.
type conversation []string

// UnmarshalYAML implements yaml.Unmarshaler.
func (c *conversation) UnmarshalYAML(node *yaml.Node) error {
	texts := make([]string, 1)
	var err error
	if node.Kind == yaml.ScalarNode {
		err = node.Decode(&texts[0])
	} else {
		err = node.Decode(&texts)
	}
	for _, text := range texts {
		*c = append(*c, strings.TrimSpace(text))
	}
	return err
}
