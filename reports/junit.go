package reports

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// The form is the one that CI systems agree on: suites of cases, a case with
// at most one failure or error. There is no formal standard; the names follow
// the Ant task that all of them read.
type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"` // seconds
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitTrouble `xml:"failure"`
	Error   *junitTrouble `xml:"error"`
	Out     string        `xml:"system-out,omitempty"`
}

type junitTrouble struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// junit prints the runs as JUnit XML: a suite a lab, a case a run. A verdict
// that differs is a failure; an unknown one is an error, because the test
// itself did not work.
func junit(runs []Run) ([]byte, error) {
	all := junitSuites{Name: "faultlab"}
	suites := map[string]int{}
	spent := map[string]time.Duration{}
	for _, r := range runs {
		lab := r.Record.Lab
		i, known := suites[lab]
		if !known {
			i = len(all.Suites)
			suites[lab] = i
			all.Suites = append(all.Suites, junitSuite{Name: lab})
		}
		suite := &all.Suites[i]
		c := junitCase{
			Class: lab + "." + ScenarioName(r.Record),
			Name:  r.Record.Variant + " " + r.Record.World,
			Time:  seconds(r.Record.Elapsed),
			Out:   r.Finding(),
		}
		trouble := &junitTrouble{
			Message: r.reason(),
			Text:    fmt.Sprintf("%s\n\nreplay: %s\n", strings.Join(r.Why(), "\n"), r.Replay()),
		}
		switch r.State() {
		case Differs:
			trouble.Type = "verdict"
			c.Failure = trouble
			suite.Failures++
			all.Failures++
		case Unknown:
			trouble.Type = "unknown"
			c.Error = trouble
			suite.Errors++
			all.Errors++
		}
		suite.Tests++
		all.Tests++
		spent[lab] += r.Record.Elapsed
		suite.Time = seconds(spent[lab])
		suite.Cases = append(suite.Cases, c)
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode JUnit XML: %w", err)
	}
	return append([]byte(xml.Header), append(text, '\n')...), nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
