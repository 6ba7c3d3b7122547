package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// forbidden lists what a lab may not use, by full name: all that it touches of
// the world comes from its Env, or it would run in one world only and no seed
// would repeat it. It may use package time for durations: sleeps, timers,
// deadlines and time.Until of one run on the virtual clock as well.
var forbidden = []struct {
	name *regexp.Regexp
	why  string
}{
	{regexp.MustCompile(`^net\.(Dial|Lookup|Resolve|File|Interface)`), "use Env.Dial and Env.Listen"},
	{regexp.MustCompile(`^net\.(Listen($|[A-Z])|(Default)?Resolver$)`), "use Env.Dial and Env.Listen"},
	{regexp.MustCompile(`^net/http\.(Default(Client|Transport|ServeMux)|Get|Head|Post|PostForm)$`), "use web.Client"},
	{regexp.MustCompile(`^net/http\.(ListenAndServe|Serve|ListenAndServeTLS|ServeTLS|Handle|HandleFunc)$`), "use web.Serve"},
	{regexp.MustCompile(`^\(\*net/http\.Server\)\.(ListenAndServe|Serve)`), "use web.Serve"},
	{regexp.MustCompile(`^(os|os/.+|io/ioutil)\.`), "use Env.Disk and Env.Printf"},
	{regexp.MustCompile(`^syscall\.([^E]|E[a-z])`), "use Env"}, // but for errors such as ENOSPC
	{regexp.MustCompile(`^fmt\.(Print|Scan($|f$|ln$))`), "use Env.Printf"},
	{regexp.MustCompile(`^log(/slog)?\.`), "use Env.Printf"},
	{regexp.MustCompile(`^time\.Now$`), "use Env.Now, the clock that skew acts on"},
	// It wants an earlier time, and there is none to be had but from Env.Now,
	// which skew sets back in the meantime. A deadline does not have that.
	{regexp.MustCompile(`^time\.Since$`), "wait with a timer or a deadline"},
	{regexp.MustCompile(`^(math/rand|crypto/rand)\.`), "use Env.Rand"},
	{regexp.MustCompile(`^math/rand/v2\.(Exp|Float|Int|N$|New|Norm|Perm|Shuffle|Uint)`), "use Env.Rand"},
	// Held across what takes time, they stop the virtual clock for ever.
	{regexp.MustCompile(`^sync\.(Mutex|RWMutex|Once.*)$`), "use lab.Mutex"},
}

// impurities lists where a package uses what is forbidden to labs.
func impurities(fset *token.FileSet, files []*ast.File, info *types.Info) []string {
	var found []string
	complain := func(at token.Pos, format string, args ...any) {
		found = append(found, fmt.Sprintf("%s: %s", fset.Position(at), fmt.Sprintf(format, args...)))
	}
	for _, file := range files {
		for _, spec := range file.Imports {
			if spec.Name != nil && spec.Name.Name == "_" {
				complain(spec.Pos(), "import of %s for what it does by itself", spec.Path.Value)
			}
		}
		var parents []ast.Node
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil {
				parents = parents[:len(parents)-1]
				return true
			}
			parents = append(parents, n)
			if id, ok := n.(*ast.Ident); ok {
				if why := misuse(info.Uses[id], parents); why != "" {
					complain(id.Pos(), "%s: %s", fullName(info.Uses[id]), why)
				}
				if v, ok := info.Defs[id].(*types.Var); ok && ofPackage(v) && !unchanging(v) {
					complain(id.Pos(), "variable %s: a node that was killed finds it again when it starts", id.Name)
				}
			}
			if v := written(n, info); v != nil && ofPackage(v) {
				complain(n.Pos(), "variable %s is written, or can be", v.Name())
			}
			return true
		})
	}
	return found
}

// misuse tells why an object may not be used there; "" if it may. The last of
// parents is its identifier.
func misuse(o types.Object, parents []ast.Node) string {
	name := fullName(o)
	for _, f := range forbidden {
		if f.name.MatchString(name) {
			return f.why
		}
	}
	if name == "net/http.Client" || name == "net/http.Transport" {
		// *http.Client is a type to pass one around; http.Client makes one, and
		// its zero value dials by itself.
		if _, pointer := parents[len(parents)-3].(*ast.StarExpr); !pointer {
			return "use web.Client"
		}
	}
	return ""
}

// fullName is the name of a package's object or a method, with the path of
// the package; "" for all else.
func fullName(o types.Object) string {
	if f, ok := o.(*types.Func); ok {
		return f.FullName()
	}
	if o == nil || !ofPackage(o) {
		return ""
	}
	return o.Pkg().Path() + "." + o.Name()
}

// ofPackage reports whether an object is declared at the top of a package, not
// in a function or a struct, nor by the language.
func ofPackage(o types.Object) bool { return o.Pkg() != nil && o.Parent() == o.Pkg().Scope() }

// unchanging reports whether a variable of a package is a table or an error:
// values all the way down, so that nothing changes unless it is written.
func unchanging(v *types.Var) bool {
	return types.Identical(v.Type(), types.Universe.Lookup("error").Type()) || plain(v.Type())
}

func plain(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Array:
		return plain(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if !plain(f.Type()) {
				return false
			}
		}
		return true
	}
	return false
}

// written gives the variable that a statement or an expression changes, or
// gives out in a form in which it can be changed; nil if there is none.
func written(n ast.Node, info *types.Info) *types.Var {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for _, left := range n.Lhs {
			if v := root(left, info); v != nil && ofPackage(v) {
				return v
			}
		}
	case *ast.IncDecStmt:
		return root(n.X, info)
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			if v := root(n.Key, info); v != nil && ofPackage(v) {
				return v
			}
			return root(n.Value, info)
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			return root(n.X, info)
		}
	case *ast.SliceExpr:
		if _, array := info.TypeOf(n.X).Underlying().(*types.Array); array {
			return root(n.X, info)
		}
	case *ast.SelectorExpr: // a method on a pointer takes the address by itself
		s := info.Selections[n]
		if s == nil || s.Kind() != types.MethodVal {
			return nil
		}
		_, onPointer := s.Obj().(*types.Func).Signature().Recv().Type().(*types.Pointer)
		_, isPointer := s.Recv().(*types.Pointer)
		if onPointer && !isPointer {
			return root(n.X, info)
		}
	}
	return nil
}

// root is the variable of which an expression is the whole or a part.
func root(e ast.Expr, info *types.Info) *types.Var {
	switch e := e.(type) {
	case *ast.Ident:
		v, _ := info.Uses[e].(*types.Var)
		return v
	case *ast.ParenExpr:
		return root(e.X, info)
	case *ast.IndexExpr:
		return root(e.X, info)
	case *ast.SelectorExpr:
		return root(e.X, info)
	}
	return nil
}

// checkPure reads the sources of a package and lists its impurities.
func checkPure(t *testing.T, imports types.Importer, fset *token.FileSet, files ...*ast.File) []string {
	t.Helper()
	info := &types.Info{
		Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Types: map[ast.Expr]types.TypeAndValue{},
	}
	config := types.Config{Importer: imports}
	_, err := config.Check(files[0].Name.Name, fset, files, info)
	require.NoError(t, err)
	return impurities(fset, files, info)
}

// compiled imports packages as the go command has compiled them: those of the
// labs, and those that bad sources use.
func compiled(t *testing.T, fset *token.FileSet) types.Importer {
	t.Helper()
	out, err := exec.Command("go", "list", "-export", "-deps", "-f", "{{.ImportPath}}={{.Export}}", "./systems/...", "./sim/protocols/echo",
		"crypto/rand", "errors", "fmt", "log", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec", "sync", "sync/atomic", "syscall", "time").Output()
	require.NoError(t, err)
	exports := map[string]string{}
	for line := range bytes.Lines(out) {
		path, file, _ := strings.Cut(strings.TrimSpace(string(line)), "=")
		exports[path] = file
	}
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
}

// TestLabsArePure holds for every file below systems/ but the tests, and for the
// lab that measures protocols.
func TestLabsArePure(t *testing.T) {
	fset := token.NewFileSet()
	imports := compiled(t, fset)
	names, err := filepath.Glob(filepath.Join("systems", "*", "*.go"))
	require.NoError(t, err)
	more, err := filepath.Glob(filepath.Join("sim", "protocols", "echo", "*.go"))
	require.NoError(t, err)
	names = append(names, more...)
	packages := map[string][]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(fset, name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		packages[filepath.Dir(name)] = append(packages[filepath.Dir(name)], file)
	}
	require.NotEmpty(t, packages)
	for dir, files := range packages {
		require.Empty(t, checkPure(t, imports, fset, files...), dir)
	}
}

func TestImpuritiesAreFound(t *testing.T) {
	fset := token.NewFileSet()
	imports := compiled(t, fset)
	for _, test := range []struct{ source, want string }{
		{`import "net"; var _, err = net.Dial("tcp", "")`, "net.Dial"},
		{`import n "net"; func f() { n.Listen("tcp", "") }`, "net.Listen"},
		{`import . "net"; func f() { Dial("tcp", "") }`, "net.Dial"},
		{`import "net"; func f() { dial := net.Dial; _ = dial }`, "net.Dial"},
		{`import "net"; func f() { new(net.Dialer).Dial("tcp", "") }`, "net.Dialer"},
		{`import "net"; func f() { net.LookupHost("") }`, "net.LookupHost"},
		{`import "os"; func f() { os.ReadFile("") }`, "os.ReadFile"},
		{`import "os"; func f() { _ = os.Stdout }`, "os.Stdout"},
		{`import "syscall"; func f() { syscall.Exit(1) }`, "syscall.Exit"},
		{`import "os/exec"; func f() { exec.Command("") }`, "os/exec.Command"},
		{`import _ "os"`, `import of "os"`},
		{`import "fmt"; func f() { fmt.Println() }`, "fmt.Println"},
		{`import "log"; func f() { log.Print() }`, "log.Print"},
		{`import "time"; func f() { _ = time.Now() }`, "time.Now"},
		{`import "time"; func f() { _ = time.Since(time.Time{}) }`, "time.Since"},
		{`import "math/rand"; func f() { rand.Int() }`, "math/rand.Int"},
		{`import "math/rand/v2"; func f() { rand.IntN(3) }`, "math/rand/v2.IntN"},
		{`import "math/rand/v2"; func f() { rand.New(nil) }`, "math/rand/v2.New"},
		{`import "crypto/rand"; func f() { rand.Text() }`, "crypto/rand.Text"},
		{`import "net/http"; func f() { http.Get("") }`, "net/http.Get"},
		{`import "net/http"; func f() { http.Post("", "", nil) }`, "net/http.Post"},
		{`import "net/http"; func f() { _ = http.DefaultTransport }`, "net/http.DefaultTransport"},
		{`import "net/http"; func f() { _ = http.DefaultClient }`, "net/http.DefaultClient"},
		{`import "net/http"; func f() { _ = &http.Client{} }`, "net/http.Client"},
		{`import "net/http"; type t struct { http.Client }`, "net/http.Client"},
		{`import "net/http"; func f(s *http.Server) { s.ListenAndServe() }`, "(*net/http.Server).ListenAndServe"},
		{`import "sync"; type t struct { sync.Mutex }`, "sync.Mutex"},
		{`import "sync"; func f(m *sync.RWMutex) {}`, "sync.RWMutex"},
		{`import "sync"; func f() { var once sync.Once; _ = &once }`, "sync.Once"},
		{`import "sync"; func f() { sync.OnceFunc(f) }`, "sync.OnceFunc"},
		{`var seen = map[string]bool{}`, "variable seen: a node that was killed"},
		{`var list []string`, "variable list: a node"},
		{`var next *int`, "variable next: a node"},
		{`var free = make(chan int)`, "variable free: a node"},
		{`import "sync/atomic"; var n atomic.Int64; func f() { n.Add(1) }`, "variable n is written"},
		{`var n = 1; func f() { n++ }`, "variable n is written"},
		{`var n = 1; func f() { n = 2 }`, "variable n is written"},
		{`var n = 1; func f() { for n = range 3 {} }`, "variable n is written"},
		{`var n = 1; func f() { for _, n = range []int{1} {} }`, "variable n is written"},
		{`var n = 1; func f() *int { return &n }`, "variable n is written"},
		{`var a [2]int; func f() { a[0] = 2 }`, "variable a is written"},
		{`var a [2]int; func f() []int { return a[:] }`, "variable a is written"},
		{`var a [2]struct{ n int }; func f() { a[1].n += 2 }`, "variable a is written"},
		{`import "errors"; var err = errors.New("x"); func f() { err = nil }`, "variable err is written"},

		{`import "errors"; var err = errors.New("x"); func f() error { return err }`, ""},
		{`var names = [...]string{"a", "b"}; func f() { for i := range names { _ = names[i] } }`, ""},
		{`func f() { n := 1; n++; _ = &n; seen := map[string]bool{}; seen["x"] = true }`, ""},
		{`import "math/rand/v2"; func f(r *rand.Rand) int { return r.IntN(3) }`, ""},
		{`import "net"; func f(c net.Conn, l net.Listener) { c.Close(); l.Accept() }`, ""},
		{`import "net/http"; func f(c *http.Client, s http.Server) { c.Get("") }`, ""},
		{`import "net/http"; func f() http.Header { http.NewServeMux(); return nil }`, ""},
		{`import "syscall"; var full error = syscall.ENOSPC; func f() error { return full }`, ""},
		{`import "time"; func f(t time.Time) { time.Sleep(time.Until(t)); <-time.After(1) }`, ""},
		{`import "fmt"; func f() { fmt.Sprint(); fmt.Sscan("") }`, ""},
		{`import "faultlab/sim/lab"; func f() { lab.NewMutex().Lock() }`, ""},
	} {
		t.Run(test.source, func(t *testing.T) {
			file, err := parser.ParseFile(fset, "bad.go", "package bad; "+test.source, parser.SkipObjectResolution)
			require.NoError(t, err)
			found := strings.Join(checkPure(t, imports, fset, file), "\n")
			require.Contains(t, found, test.want)
			require.Equal(t, test.want == "", found == "", found)
		})
	}
}
