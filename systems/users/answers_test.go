package users

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"faultlab/sim/lab/labtest"
)

const (
	david   = `{"name": "David", "email": "david@example.com", "age": 28}`
	nobody  = "1@30 2@25 3@35"
	refused = `{"error":"%","success":false}`
)

func refusedWith(status, why string) string {
	return status + " " + strings.Replace(refused, "%", why, 1)
}

// What the hardened server answers to one odd request, between two good ones
// that it must not disturb.
func TestHardenedServerAnswers(t *testing.T) {
	const created = `201 {"data":{"id":4,"name":"David","email":"david@example.com","age":28},"message":"User created successfully","success":true}`
	const updated = `200 {"data":{"id":4,"name":"David","email":"david@example.com","age":29},"message":"User updated successfully","success":true}`
	for _, test := range []struct{ name, request, answer, users string }{
		{"the same request", asked("POST", "/api/users", david, "Idempotency-Key: k"), created, nobody + " 4@28"},
		{"another with its key", asked("POST", "/api/users", `{"name":"Eve","email":"e","age":1}`, "Idempotency-Key: k"), refusedWith("422", "Idempotency-Key was used for another request"), nobody + " 4@28"},
		{"a DELETE with its key", asked("DELETE", "/api/users/1", "", "Idempotency-Key: k"), refusedWith("422", "Idempotency-Key was used for another request"), nobody + " 4@28"},
		{"another without", asked("POST", "/api/users", `{"name":"Eve","email":"e","age":1}`), `201 {"data":{"id":5,"name":"Eve","email":"e","age":1},"message":"User created successfully","success":true}`, nobody + " 4@28 5@1"},
		{"a key of no text", asked("POST", "/api/users", david, "Idempotency-Key: \xff"), refusedWith("400", "Invalid Idempotency-Key"), nobody + " 4@28"},
		{"a key without end", asked("POST", "/api/users", david, "Idempotency-Key: "+strings.Repeat("k", 256)), refusedWith("400", "Invalid Idempotency-Key"), nobody + " 4@28"},
		{"a part", asked("PUT", "/api/users/4", `{"age": 29}`), updated, nobody + " 4@29"},
		{"a part of this version", asked("PUT", "/api/users/4", `{"age": 29}`, `If-Match: "4.1"`), updated, nobody + " 4@29"},
		{"a part of any version", asked("PUT", "/api/users/4", `{"age": 29}`, `If-Match: "4.7", *`), updated, nobody + " 4@29"},
		{"a part of another version", asked("PUT", "/api/users/4", `{"age": 29}`, `If-Match: "4.2"`), refusedWith("412", "User 4 has changed"), nobody + " 4@28"},
		{"a delete of another version", asked("DELETE", "/api/users/4", "", `If-Match: "4.2"`), refusedWith("412", "User 4 has changed"), nobody + " 4@28"},
		{"a delete", asked("DELETE", "/api/users/4", ""), `200 {"data":{"id":4,"name":"David","email":"david@example.com","age":28},"message":"User David deleted","success":true}`, nobody},
		{"a user", asked("GET", "/api/users/2?x=1", ""), `200 {"data":{"id":2,"name":"Bob","email":"bob@example.com","age":25},"success":true}`, nobody + " 4@28"},
		{"no such user", asked("GET", "/api/users/999", ""), refusedWith("404", "User 999 not found"), nobody + " 4@28"},
		{"a part of no such user", asked("PUT", "/api/users/999", `{"age": 1}`), refusedWith("404", "User 999 not found"), nobody + " 4@28"},
		{"no id", asked("GET", "/api/users/", ""), refusedWith("400", "Invalid user ID"), nobody + " 4@28"},
		{"an id that is none", asked("DELETE", "/api/users/0x4", ""), refusedWith("400", "Invalid user ID"), nobody + " 4@28"},
		{"an id in another form", asked("DELETE", "/api/users/+4", ""), refusedWith("400", "Invalid user ID"), nobody + " 4@28"},
		{"an id without end", asked("GET", "/api/users/"+strings.Repeat("9", 30), ""), refusedWith("400", "Invalid user ID"), nobody + " 4@28"},
		{"a path behind an id", asked("GET", "/api/users/7/1", ""), refusedWith("404", "Endpoint not found"), nobody + " 4@28"},
		{"another path", asked("POST", "/api", david), refusedWith("404", "Endpoint not found"), nobody + " 4@28"},
		{"OPTIONS", asked("OPTIONS", "/any/where", ""), "200 ", nobody + " 4@28"},
		{"PATCH", asked("PATCH", "/api/users/4", `{"age": 1}`), refusedWith("405", "Method not allowed"), nobody + " 4@28"},
		{"a DELETE of all", asked("DELETE", "/api/users", ""), refusedWith("405", "Method not allowed"), nobody + " 4@28"},
		{"no JSON", asked("POST", "/api/users", "invalid json"), refusedWith("400", "Invalid JSON"), nobody + " 4@28"},
		{"nothing", asked("POST", "/api/users", ""), refusedWith("400", "Invalid JSON"), nobody + " 4@28"},
		{"JSON but no object", asked("POST", "/api/users", `["name", "email", "age"]`), refusedWith("400", "Invalid JSON"), nobody + " 4@28"},
		{"null", asked("PUT", "/api/users/4", "null"), refusedWith("400", "Invalid JSON"), nobody + " 4@28"},
		{"two objects", asked("POST", "/api/users", david+david), refusedWith("400", "Invalid JSON"), nobody + " 4@28"},
		{"no UTF-8", asked("POST", "/api/users", "{\"name\": \"\xff\", \"email\": \"e\", \"age\": 1}"), refusedWith("400", "Invalid JSON"), nobody + " 4@28"},
		{"a field missing", asked("POST", "/api/users", `{"name": "Eve", "age": 1}`), refusedWith("400", "Missing required fields"), nobody + " 4@28"},
		{"a field of null", asked("PUT", "/api/users/4", `{"age": null}`), refusedWith("400", "Invalid fields: name and email are texts, age is a whole number"), nobody + " 4@28"},
		{"an age in words", asked("PUT", "/api/users/4", `{"age": "old"}`), refusedWith("400", "Invalid fields: name and email are texts, age is a whole number"), nobody + " 4@28"},
		{"an age too large", asked("PUT", "/api/users/4", `{"age": 99999999999999999999}`), refusedWith("400", "Invalid fields: name and email are texts, age is a whole number"), nobody + " 4@28"},
		{"an age before birth", asked("PUT", "/api/users/4", `{"age": -1}`), refusedWith("400", "Invalid fields: age is negative"), nobody + " 4@28"},
		{"a body too large", asked("POST", "/api/users", strings.Repeat(" ", largestBody+1)), refusedWith("400", "The body is cut short or too long"), nobody + " 4@28"},
		{"half a body", asked("POST", "/api/users", david)[:100], refusedWith("400", "The body is cut short or too long"), nobody + " 4@28"},
		{"a length that is no number", "POST /api/users HTTP/1.1\r\nHost: s\r\nContent-Length: many\r\n\r\n", "400 400 Bad Request", nobody + " 4@28"},
		{"no length", "POST /api/users HTTP/1.1\r\nHost: s\r\n\r\n", refusedWith("400", "Invalid JSON"), nobody + " 4@28"},
		{"no HTTP", "hello\r\n\r\n", "400 400 Bad Request", nobody + " 4@28"},
		{"half a head", "POST /api/users HTTP/1.1\r\nHost: s", labtest.Closed, nobody + " 4@28"},
		{"silence", "", labtest.Closed, nobody + " 4@28"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			again := asked("POST", "/api/users", david, "Idempotency-Key: k")
			answers, users := talk(t, hardened(), again, test.request, again)
			require.Equal(t, []string{created, test.answer, created}, answers)
			require.Equal(t, test.users, users)
		})
	}
}

// The server of the document does what Python does: where its code raises and
// nobody catches, the connection closes without an answer.
func TestOriginalServerAnswers(t *testing.T) {
	const all = nobody + " 4@28"
	for _, test := range []struct{ name, request, answer, users string }{
		{"a user", asked("GET", "/api/users/1", ""), `200 {"data":{"id":1,"name":"Alice","email":"alice@example.com","age":30},"success":true}`, all},
		{"a path behind an id", asked("GET", "/api/users/7/1", ""), `200 {"data":{"id":1,"name":"Alice","email":"alice@example.com","age":30},"success":true}`, all},
		{"no such user", asked("GET", "/api/users/999", ""), refusedWith("404", "User 999 not found"), all},
		{"no id", asked("GET", "/api/users/", ""), refusedWith("400", "Invalid user ID"), all},
		{"no id to change", asked("PUT", "/api/users/x", "{}"), refusedWith("400", "invalid literal for int() with base 10: 'x'"), all},
		{"a PUT of all", asked("PUT", "/api/users", "{}"), labtest.Closed, all},
		{"a DELETE of all", asked("DELETE", "/api/users", ""), labtest.Closed, all},
		{"OPTIONS", asked("OPTIONS", "/any/where", ""), "200 ", all},
		{"PATCH", asked("PATCH", "/api/users/4", "{}"), "501 Unsupported method ('PATCH')", all},
		{"fields of any type", asked("PUT", "/api/users/1", `{"email": [7], "age": "old"}`), `200 {"data":{"id":1,"name":"Alice","email":[7],"age":"old"},"message":"User updated successfully","success":true}`, "1@old 2@25 3@35 4@28"},
		{"no JSON", asked("POST", "/api/users", "invalid json"), refusedWith("400", "Invalid JSON"), all},
		{"a field missing", asked("POST", "/api/users", `{"name": "Eve"}`), refusedWith("400", "Missing required fields"), all},
		{"a number", asked("POST", "/api/users", "7"), labtest.Closed, all},
		{"null", asked("PUT", "/api/users/4", "null"), labtest.Closed, all},
		{"a list of the fields", asked("POST", "/api/users", `["name", "email", "age"]`), labtest.Closed, all},
		{"another list", asked("PUT", "/api/users/2", `["x"]`), `200 {"data":{"id":2,"name":"Bob","email":"bob@example.com","age":25},"message":"User updated successfully","success":true}`, all},
		{"a text", asked("POST", "/api/users", `"name email"`), refusedWith("400", "Missing required fields"), all},
		{"a text with the fields", asked("POST", "/api/users", `"name email age"`), labtest.Closed, all},
		{"no length", "POST /api/users HTTP/1.1\r\nHost: s\r\n\r\n", labtest.Closed, all},
		{"another user", asked("POST", "/api/users", `{"name":"Eve","email":"e","age":1}`), `201 {"data":{"id":4,"name":"Eve","email":"e","age":1},"message":"User created successfully","success":true}`, nobody + " 4@1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			answers, users := talk(t, original(), asked("POST", "/api/users", david), test.request, asked("GET", "/api/users/3", ""))
			require.Contains(t, answers[0], `201 {"data":{"id":4,`)
			require.Equal(t, test.answer, answers[1])
			require.Contains(t, answers[2], "Charlie")
			require.Equal(t, test.users, users)
		})
	}
}

// Three users, one id: the counter belongs to the connection (original), or
// not (naive).
func TestIDsOfThreeUsers(t *testing.T) {
	post := asked("POST", "/api/users", david)
	_, users := talk(t, original(), post, post, post)
	require.Equal(t, nobody+" 4@28", users)
	_, users = talk(t, naive(), post, post, post)
	require.Equal(t, nobody+" 4@28 5@28 6@28", users)
	_, users = talk(t, naive(), post, post, asked("DELETE", "/api/users/5", ""), post)
	require.Equal(t, nobody+" 4@28 6@28", users)
}

// A retried DELETE: the document's server denies what it has done.
func TestDeleteTwice(t *testing.T) {
	gone := asked("DELETE", "/api/users/2", "", "Idempotency-Key: d")
	answers, _ := talk(t, naive(), gone, gone)
	require.Equal(t, refusedWith("404", "User 2 not found"), answers[1])
	answers, _ = talk(t, hardened(), gone, gone)
	require.Equal(t, answers[0], answers[1])
}

// A retried PUT with an If-Match: its first copy has changed what it matches.
func TestMatchedPutTwice(t *testing.T) {
	put := asked("PUT", "/api/users/2", `{"age": 26}`, `If-Match: "2.1"`, "Idempotency-Key: p")
	answers, users := talk(t, hardened(), put, put)
	require.Contains(t, answers[0], `200 {"data":{"id":2,`)
	require.Equal(t, answers[0], answers[1])
	require.Equal(t, "1@30 2@26 3@35", users)
}
