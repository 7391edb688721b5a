package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// confirm asks the user unless -yes was given. If name is set, the user must type the environment's name.
func (d *deployment) confirm(question string, name bool) error {
	if d.yes {
		return nil
	}
	wanted := "yes"
	if name {
		wanted = d.env
	}
	fmt.Fprintf(d.Out, "\n%s Type %s: ", question, wanted)
	answer, err := bufio.NewReader(d.In).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	if strings.TrimSpace(answer) == wanted {
		return nil
	}
	if answer == "" {
		return fmt.Errorf("%w: there was no answer; -yes skips the question", errDeclined)
	}
	return errDeclined
}
