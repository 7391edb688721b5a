package host

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// greeting limits how long make up may take to answer.
const greeting = 5 * time.Second

// output returns where the service logs: standard output and, if somebody runs it by hand, make up at LOG_COPY, which then
// shows the service like any other. make up answers with an empty line, or with why it refuses the service.
func (rt *Runtime) output() (io.Writer, error) {
	address := rt.getenv("LOG_COPY")
	if address == "" {
		return os.Stdout, nil
	}
	up, err := net.DialTimeout("tcp", address, greeting)
	if err != nil {
		return nil, rt.refused("no make up listens at %s (LOG_COPY): start make up WITHOUT=%s, which gives a new environment", address, rt.manifest.Name)
	}
	_ = up.SetReadDeadline(time.Now().Add(greeting)) // the answer fails then
	answer, err := bufio.NewReader(up).ReadString('\n')
	if why := strings.TrimSpace(answer); err != nil || why != "" {
		_ = up.Close() // nothing was written
		return nil, rt.refused("make up at %s (LOG_COPY) refuses it: %s", address, why)
	}
	return io.MultiWriter(os.Stdout, up), nil
}

func (rt *Runtime) refused(format string, arguments ...any) error {
	return &ConfigError{Service: rt.manifest.Name, Problems: []string{fmt.Sprintf(format, arguments...)}}
}

// patience applies TIMEOUT_SECONDS.
func (rt *Runtime) patience() {
	text := rt.getenv("TIMEOUT_SECONDS")
	if text == "" {
		return
	}
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds < 1 {
		rt.refuse("TIMEOUT_SECONDS is %q: it must be a number of seconds", text)
		return
	}
	rt.manifest.TimeoutSeconds = seconds
}
