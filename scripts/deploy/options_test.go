package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/cli/clitest"
	"example.com/troupe/scripts/internal/fixture"
)

func TestCommandLine(t *testing.T) {
	t.Chdir(fixture.Root(t))
	call := clitest.Caller(t, run)
	call("-h", 0, "deploy -env prod -yes -no-smoke")
	call("plan -h", 0, "Examples:")
	call("", cli.ExitUsage, "name a command: build, plan, deploy, destroy, migrate-state")
	call("apply", cli.ExitUsage, `unexpected argument "apply"`)
	call("deploy dev", cli.ExitUsage, `unexpected argument "dev"`)
	call("deploy -environment dev", cli.ExitUsage, "flag provided but not defined: -environment")
	call("deploy -no-lock", cli.ExitUsage, "-no-lock is only for plan")
	call("destroy -service gull", cli.ExitUsage, "destroy removes a whole environment")
	call("plan -story lit", cli.ExitUsage, "-story lit is for deploy, without -no-smoke")
	call("deploy -story lit -no-smoke", cli.ExitUsage, "without -no-smoke")
	call("deploy -story nosuch", cli.ExitUsage, "there is no story nosuch in services/stories")
	call("-h", 0, "deploy -env dev -service harbour")
	call("build -service nosuch", cli.ExitUsage, "there is no service nosuch: one of [buoy gull harbour lighthouse pilot]")
}

func TestConfirm(t *testing.T) {
	for _, c := range []struct {
		typed     string
		yes, name bool
		want      error
	}{
		{"yes\n", false, false, nil},
		{" yes ", false, false, nil},
		{"y\n", false, false, errDeclined},
		{"dev\n", false, true, nil},
		{"yes\n", false, true, errDeclined},
		{"", false, false, errDeclined},
		{"", true, true, nil},
	} {
		var out bytes.Buffer
		d := &deployment{options: options{env: "dev", yes: c.yes}, Terminal: cli.Terminal{In: strings.NewReader(c.typed), Out: &out, Err: &out}}
		if err := d.confirm("Really?", c.name); !errors.Is(err, c.want) {
			t.Errorf("%q, with the name %t: %v, not %v", c.typed, c.name, err, c.want)
		}
		if asked := strings.Contains(out.String(), "Really?"); asked == c.yes {
			t.Errorf("-yes %t, and it asked: %t", c.yes, asked)
		}
	}
}
