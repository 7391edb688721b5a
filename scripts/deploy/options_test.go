package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"example.com/troupe/scripts/internal/cli"
	"example.com/troupe/scripts/internal/fixture"
)

func TestCommandLine(t *testing.T) {
	t.Chdir(fixture.Root(t))
	for _, c := range []struct {
		line, says string
		code       int
	}{
		{"-h", "deploy -env prod -yes -no-smoke", 0},
		{"plan -h", "Examples:", 0},
		{"", "name a command: build, plan, deploy, destroy, migrate-state", cli.ExitUsage},
		{"apply", `unexpected argument "apply"`, cli.ExitUsage},
		{"deploy dev", `unexpected argument "dev"`, cli.ExitUsage},
		{"deploy -environment dev", "flag provided but not defined: -environment", cli.ExitUsage},
		{"deploy -no-lock", "-no-lock is only for plan", cli.ExitUsage},
		{"destroy -service gull", "destroy removes a whole environment", cli.ExitUsage},
		{"plan -story lit", "-story lit is for deploy, without -no-smoke", cli.ExitUsage},
		{"deploy -story lit -no-smoke", "without -no-smoke", cli.ExitUsage},
		{"deploy -story nosuch", "there is no story nosuch in services/stories", cli.ExitUsage},
		{"-h", "deploy -env dev -service harbour", 0},
		{"build -service nosuch", "there is no service nosuch: one of [buoy gull harbour lighthouse pilot]", cli.ExitUsage},
	} {
		var out bytes.Buffer
		code := cli.Run(t.Context(), run, strings.Fields(c.line), cli.Terminal{Out: &out, Err: &out})
		if code != c.code || !strings.Contains(out.String(), c.says) {
			t.Errorf("deploy %s: %d, not %d, or the output lacks %q:\n%s", c.line, code, c.code, c.says, out.String())
		}
	}
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
