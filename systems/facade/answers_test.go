package facade

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab/labtest"
)

const (
	noObject = `422 {"detail":"the body is no JSON object of that kind"}`
	noMsg    = `422 {"detail":"a message is {\"msg\": \"…\"}"}`
	cutShort = `422 {"detail":"the body is cut short or over 16384 bytes"}`
)

// Whatever comes, the node goes on, and what it has stored stays.
func TestHardenedFacadeAnswers(t *testing.T) {
	const key = "client/2"
	stored := func(key, msg string) string {
		return fmt.Sprintf(`200 {"message_id":"%s","message":"%s"}`, key, msg)
	}
	for _, path := range []string{"/grpc_message", "/message"} {
		post := func(key, body string) string { return request("POST", path, key, body) }
		for _, test := range []struct{ name, request, answer, adds string }{
			{"a message", post(key, `{"msg":"two"}`), stored(key, "two"), "two"},
			{"with spaces in it", post(key, `{"msg":"two words"}`), stored(key, "two words"), "two words"},
			{"an empty one", post(key, `{"msg":""}`), stored(key, ""), ""},
			{"the same again", post("client/1", `{"msg":"one"}`), stored("client/1", "one"), ""},
			{"another under that name", post("client/1", `{"msg":"two"}`), `409 {"detail":"that name is of another message"}`, ""},
			{"without a name", post("", `{"msg":"two"}`), `400 {"detail":"name your message in a header Idempotency-Key, and post it again under the same name if no answer comes"}`, ""},
			{"a name too long", post(strings.Repeat("k", longestKey+1), `{"msg":"two"}`), `400 {"detail":"the Idempotency-Key is over 200 bytes"}`, ""},
			{"a name that is not ASCII", post("ключ", `{"msg":"two"}`), `400 {"detail":"the Idempotency-Key has other characters than printable ASCII"}`, ""},
			{"no JSON", post(key, `msg=two`), noObject, ""},
			{"JSON that is no object", post(key, `["two"]`), noObject, ""},
			{"a number for a message", post(key, `{"msg":2}`), noObject, ""},
			{"no message", post(key, `{}`), noMsg, ""},
			{"null", post(key, `null`), noMsg, ""},
			{"two objects", post(key, `{"msg":"two"}{"msg":"two"}`), noObject, ""},
			{"a huge body", post(key, `{"msg":"`+strings.Repeat("x", largestBody)+`"}`), cutShort, ""},
			{"no length", "POST " + path + " HTTP/1.1\r\nHost: f\r\n" + keyHeader + ": " + key + "\r\n\r\n", noObject, ""},
			{"a length that is no number", "POST " + path + " HTTP/1.1\r\nHost: f\r\nContent-Length: many\r\n\r\n", "400 400 Bad Request", ""},
			{"half a body", post(key, `{"msg":"two"}`)[:len(post(key, ""))+4], cutShort, ""},
			{"half a head", "POST " + path + " HTTP/1.1\r\nHost: fac", labtest.Closed, ""},
			{"silence", "", labtest.Closed, ""},
			{"no HTTP", "hello\r\n\r\n", "400 400 Bad Request", ""},
			{"a PUT", request("PUT", path, key, `{"msg":"two"}`), "405 Method Not Allowed", ""},
			{"another path", request("POST", "/messages", key, `{"msg":"two"}`), "404 404 page not found", ""},
			{"a GET", request("GET", path, "", ""), `200 {"logs":["one"],"messages":"not implemented yet"}`, ""},
		} {
			t.Run(path+" "+test.name, func(t *testing.T) {
				t.Parallel()
				script := "workload path=grpc\n"
				if path == "/message" {
					script = "workload path=http\n"
				}
				first := post("client/1", `{"msg":"one"}`)
				answers, log := talk(t, hardened(), script, first, test.request, first)
				one := stored("client/1", "one")
				require.Equal(t, []string{one, test.answer, one}, answers)
				want := []string{"one"}
				if test.adds != "" || test.name == "an empty one" {
					want = append(want, test.adds)
				}
				require.Equal(t, want, log)
			})
		}
	}
}

// The ids of the original are its own: of its answers only the words count.
func TestOriginalFacadeAnswers(t *testing.T) {
	for _, path := range []string{"/grpc_message", "/message"} {
		post := func(body string) string { return request("POST", path, "", body) }
		for _, test := range []struct {
			name, request, answer string
			log                   []string
		}{
			{"a message", post(`{"msg":"two"}`), `"message":"two"}`, []string{"one", "two"}},
			{"the same again is another one", post(`{"msg":"one"}`), `"message":"one"}`, []string{"one", "one"}},
			{"with spaces in it: two, when it is read", post(`{"msg":"two words"}`), `"message":"two words"}`, []string{"one", "two", "words"}},
			{"no JSON", post(`msg=two`), noObject, []string{"one"}},
			{"no message", post(`{}`), noMsg, []string{"one"}},
			{"a GET", request("GET", path, "", ""), `200 {"combined":"one not implemented yet"}`, []string{"one"}},
		} {
			t.Run(path+" "+test.name, func(t *testing.T) {
				t.Parallel()
				script := "workload path=grpc\n"
				if path == "/message" {
					script = "workload path=http\n"
				}
				answers, log := talk(t, original(), script, post(`{"msg":"one"}`), test.request)
				require.Regexp(t, `^200 \{"message_id":"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}","message":"one"\}$`, answers[0])
				require.Contains(t, answers[1], test.answer)
				require.Equal(t, test.log, log)
			})
		}
	}
}

func FuzzHardenedFacade(f *testing.F) {
	f.Add("POST", "/grpc_message", "client/2", `{"msg":"two"}`)
	f.Add("POST", "/message", "client/1", `{"msg":"two"}`)
	f.Add("GET", "/message", "", "")
	f.Add("POST", "/grpc_message", "k", `{"msg":"\ud800"}`)
	f.Add("POST", "/grpc_message", "k", "{\"msg\":\"\xff\"}")
	f.Add("POST", "/grpc_message", "k\r\nContent-Length: 3", `[[[[`)
	f.Fuzz(func(t *testing.T, method, path, key, body string) {
		first := request("POST", "/grpc_message", "client/1", `{"msg":"one"}`)
		answers, log := talk(t, hardened(), "", first, request(method, path, key, body), first)
		require.Equal(t, answers[0], answers[2], "the node is not what it was")
		require.NotRegexp(t, "^5", answers[1])
		require.Equal(t, "one", log[0], "what was stored is not there")
	})
}
