package lambda

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"example.com/localcloud/wire"
)

// Settings holds the members that CreateFunction and UpdateFunctionConfiguration have in common. Missing members keep
// their values.
type Settings struct {
	Role             string            `json:",omitempty"`
	Runtime          string            `json:",omitempty"`
	Handler          string            `json:",omitempty"`
	Description      *string           `json:",omitempty"`
	Timeout          *int              `json:",omitempty"` // seconds
	MemorySize       *int              `json:",omitempty"` // MB; reported but not enforced
	Environment      *Variables        `json:",omitempty"`
	DeadLetterConfig *DeadLetterConfig `json:",omitempty"`
	TracingConfig    *TracingConfig    `json:",omitempty"`
	LoggingConfig    *LoggingConfig    `json:",omitempty"`
}

// Variables holds the environment variables of a function.
type Variables struct {
	Variables map[string]string `json:",omitempty"`
}

// DeadLetterConfig names the queue or topic for failed asynchronous invocations.
type DeadLetterConfig struct {
	TargetArn string `json:",omitempty"`
}

// TracingConfig says whether the trace id for a function is sampled. There is no X-Ray here to send traces to.
type TracingConfig struct{ Mode string }

// LoggingConfig configures a function's log.
type LoggingConfig struct {
	LogFormat string `json:",omitempty"` // only Text is supported
	LogGroup  string `json:",omitempty"`
}

// Limits and defaults from the reference of CreateFunction.
const (
	defTimeout, maxTimeout            = 3, 900          // seconds
	defMemory, minMemory, maxMemory   = 128, 128, 10240 // MB
	maxVariables                      = 4 << 10         // bytes of names and values, as JSON
	maxDescription                    = 256             // characters
	tracingActive, tracingPassThrough = "Active", "PassThrough"
)

// runtimes lists the supported runtimes, which only run a bootstrap and include no language.
var runtimes = []string{"provided.al2023", "provided.al2"}

// reservedVariables lists the variables that Lambda itself sets.
var reservedVariables = []string{"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV",
	"AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
	"AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
	"AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"}

// defaults returns the settings of a function that specifies none.
func defaults(name string) Settings {
	return Settings{
		Description: new(""), Timeout: new(defTimeout), MemorySize: new(defMemory),
		TracingConfig: &TracingConfig{tracingPassThrough},
		LoggingConfig: &LoggingConfig{"Text", "/aws/lambda/" + name},
	}
}

// with returns the settings with the members replaced that are present in change.
func (s Settings) with(change Settings) Settings {
	set(&s.Role, change.Role)
	set(&s.Runtime, change.Runtime)
	set(&s.Handler, change.Handler)
	set(&s.Description, change.Description)
	set(&s.Timeout, change.Timeout)
	set(&s.MemorySize, change.MemorySize)
	set(&s.Environment, change.Environment)
	set(&s.DeadLetterConfig, change.DeadLetterConfig)
	set(&s.TracingConfig, change.TracingConfig)
	if change.LoggingConfig != nil {
		logging := *s.LoggingConfig
		set(&logging.LogFormat, change.LoggingConfig.LogFormat)
		set(&logging.LogGroup, change.LoggingConfig.LogGroup)
		s.LoggingConfig = &logging
	}
	return s
}

func set[T comparable](member *T, value T) {
	var absent T
	if value != absent {
		*member = value
	}
}

func (s Settings) check() error {
	switch {
	case !slices.Contains(runtimes, s.Runtime):
		return invalid("the local cloud runs %s, not %q: build a binary called bootstrap", strings.Join(runtimes, " and "), s.Runtime)
	case s.Handler == "":
		return invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
	case *s.Timeout < 1 || *s.Timeout > maxTimeout:
		return invalid("timeout must be 1 to %d seconds, not %d", maxTimeout, *s.Timeout)
	case *s.MemorySize < minMemory || *s.MemorySize > maxMemory:
		return invalid("memorySize must be %d to %d MB, not %d", minMemory, maxMemory, *s.MemorySize)
	case utf8.RuneCountInString(*s.Description) > maxDescription:
		return constraint("description", "have at most %d characters", maxDescription)
	case s.TracingConfig.Mode != tracingActive && s.TracingConfig.Mode != tracingPassThrough:
		return invalid("tracingConfig.mode must be Active or PassThrough")
	case !logGroup.MatchString(s.LoggingConfig.LogGroup):
		return constraint("loggingConfig.logGroup", "be the name of a log group, not %.200q", s.LoggingConfig.LogGroup)
	case s.LoggingConfig.LogFormat != "Text":
		return invalid("the local cloud supports the log format Text, not %q", s.LoggingConfig.LogFormat)
	}
	if err := s.DeadLetterConfig.check(); err != nil {
		return err
	}
	return s.checkVariables()
}

func (d *DeadLetterConfig) check() error {
	if d == nil || d.TargetArn == "" {
		return nil
	}
	if service := serviceOf(d.TargetArn); service != "sqs" && service != "sns" {
		return invalid("deadLetterConfig.targetArn must be the ARN of a queue or a topic, not %.200q", d.TargetArn)
	} else if _, err := wire.Local(service, "", d.TargetArn); err != nil {
		return invalid("deadLetterConfig.targetArn is of no queue or topic here: %v", err)
	}
	return nil
}

// logGroup is what a log group may be called (API reference of LoggingConfig).
var logGroup = regexp.MustCompile(`^[a-zA-Z0-9._/#-]{1,512}$`)

// variableName is what a variable may be called (API reference of Environment); AWS answers as serverless-secrets#39
// reports.
var variableName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`)

func (s Settings) checkVariables() error {
	if s.Environment == nil {
		return nil
	}
	for name, value := range s.Environment.Variables {
		if !variableName.MatchString(name) { // before what is reserved, as Lambda checks its model first
			return constraint("environment.variables", "have keys of a letter and at least one letter, digit or _, but one is %.200q", name)
		}
		if strings.Contains(value, "\x00") {
			return invalid("the environment variable %s has a value that no process can have", name)
		}
	}
	for _, name := range reservedVariables {
		if _, used := s.Environment.Variables[name]; used {
			return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided "+
				"contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s", name)
		}
	}
	text, err := encode(s.Environment.Variables)
	if err != nil {
		return err
	}
	if len(text) > maxVariables { // AWS measures this text: LocalStack's test_large_environment_variables_fails
		return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. "+
			"String measured: %.100s…", text)
	}
	return nil
}
