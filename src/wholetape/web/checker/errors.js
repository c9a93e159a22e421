// What can go wrong, by the names of src/wholetape/errors.py; `hint` says what to do.
((wholetape) => {
  "use strict";
  const kind = (name) =>
    class extends Error {
      constructor(message, hint = "") {
        super(message);
        this.name = name;
        this.hint = hint;
      }
    };

  wholetape.errors = {
    UnreadableInput: kind("UnreadableInput"),
    MalformedFile: kind("MalformedFile"),
    VerificationFailed: kind("VerificationFailed"),
    UsageError: kind("UsageError"),
  };
})((globalThis.wholetape ??= {}));
