//go:build chaos && linux

package chaos_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// killProcesses kills every function of the cloud at an endpoint with SIGKILL, and returns their number. It finds
// them by their environment.
func killProcesses(endpoint string) (killed int, err error) {
	environments, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		return 0, err
	}
	for _, path := range environments {
		environment, err := os.ReadFile(path)
		ours := bytes.Contains(environment, []byte("AWS_ENDPOINT_URL="+endpoint+"\x00")) && bytes.Contains(environment, []byte("AWS_LAMBDA_RUNTIME_API="))
		if err != nil || !ours {
			continue // it has ended, or belongs to another user
		}
		pid, err := strconv.Atoi(strings.Split(path, "/")[2])
		if err == nil {
			err = syscall.Kill(pid, syscall.SIGKILL)
		}
		if err != nil && !errors.Is(err, syscall.ESRCH) {
			return killed, fmt.Errorf("kill %s: %w", path, err)
		}
		killed++
	}
	return killed, nil
}
