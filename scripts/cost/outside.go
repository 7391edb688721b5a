package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"example.com/troupe/scripts/internal/console/drawing"
	"example.com/troupe/scripts/internal/cost"
	"example.com/troupe/scripts/internal/cost/count"
	"example.com/troupe/scripts/internal/stack"
	"example.com/troupe/scripts/internal/target"
	"example.com/troupe/scripts/internal/topology"
)

// measured replaces what was measured here by what the environment's own logs and metrics say, and says so.
func (o options) measured(ctx context.Context, declared *stack.Declared, model *cost.Model, flows []cost.Flow) (string, error) {
	at, err := target.Find(ctx, declared, o.env, "")
	if absent, ok := errors.AsType[*target.NotDeployedError](err); ok {
		return fmt.Sprintf("%s (%s is not deployed from here: %s)", cost.Local, o.env, absent.Reason), nil
	}
	if err != nil {
		return "", err
	}
	names, since := topology.Names{Project: stack.Project, Env: o.env}, time.Now().Add(-o.since)
	known, err := count.Logged(ctx, cloudwatchlogs.NewFromConfig(at.Config), declared.Manifests, names, at.LogGroups, since)
	if err != nil {
		return "", err
	}
	if err := count.Metrics(ctx, cloudwatch.NewFromConfig(at.Config), declared.Manifests, names, model.CPUs, since, known); err != nil {
		return "", err
	}
	missing := count.Replace(flows, known)
	says := fmt.Sprintf("and units of tables from the logs and metrics of %s in the last %s, whatever ran there", o.env, o.since)
	if len(missing) > 0 {
		slices.Sort(missing)
		says += fmt.Sprintf(" (nothing about %s: %s)", strings.Join(missing, ", "), cost.Local)
	}
	return says, nil
}

// draw writes the picture, and returns its file.
func draw(report *cost.Report, root, file string) (string, error) {
	if !filepath.IsAbs(file) {
		file = filepath.Join(root, file)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return "", fmt.Errorf("create a folder for the picture: %w", err)
	}
	if err := os.WriteFile(file, []byte(drawing.Cost(report, pictureWidth, true)), 0o644); err != nil {
		return "", fmt.Errorf("write the picture: %w", err)
	}
	return file, nil
}

// pictureWidth is the width of the picture, in pixels.
const pictureWidth = 1000

// post sends a document.
func post(ctx context.Context, url string, document any) error {
	body, err := json.Marshal(document)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		return fmt.Errorf("%s answers %s", url, response.Status)
	}
	return nil
}
