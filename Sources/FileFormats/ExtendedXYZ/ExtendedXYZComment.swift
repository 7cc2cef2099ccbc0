/// The comment line of an extended XYZ frame, split into keys and texts.
///
/// The rules are those of ASE's reader. Pairs `key=text` are separated by blanks, which may also
/// stand around the `=`; a key alone has the text "T". Keys and texts, or parts of them, may be
/// quoted by "…", '…', {…} or […]; inside, everything else is literal. A backslash makes the next
/// character literal, quoted or not. Of keys that occur twice the last text counts. One thing is
/// better than there: `key=""` is an empty text, and does not swallow the next key.
struct ExtendedXYZComment {
  /// In order; keys may occur again.
  private(set) var pairs: [(key: String, text: String)] = []
  /// Whether there was a `=` with nothing before it.
  private(set) var hasTextWithoutKey = false

  private var key: [UInt8]?
  private var word: [UInt8] = []
  private var wordIsQuoted = false
  /// Whether a `=` came after `key` and its text is still to come or being read.
  private var isInText = false

  init(_ line: ArraySlice<UInt8>) {
    var closing: UInt8?
    var isEscaped = false
    for byte in line {
      if isEscaped {
        word.append(byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if let end = closing {
        if byte == end { closing = nil } else { word.append(byte) }
      } else if let end = Self.closing(of: byte) {
        closing = end
        wordIsQuoted = true
      } else if byte.isBlank {
        endWord()
      } else if byte == UInt8(ascii: "=") {
        beginText()
      } else {
        word.append(byte)
      }
    }
    endWord()
    endPair()
  }

  private var hasWord: Bool { wordIsQuoted || !word.isEmpty }

  private static func closing(of byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): byte
    case UInt8(ascii: "{"): UInt8(ascii: "}")
    case UInt8(ascii: "["): UInt8(ascii: "]")
    default: nil
    }
  }

  /// A blank: what was read is a text if one was due, else a key whose `=` may follow.
  private mutating func endWord() {
    guard hasWord else { return }
    if isInText {
      endPair()
    } else {
      endPair()
      key = word
      clearWord()
    }
  }

  private mutating func beginText() {
    if isInText {
      // A further `=` is part of the text.
      word.append(UInt8(ascii: "="))
      return
    }
    if hasWord {
      endPair()
      key = word
      clearWord()
    } else if key == nil {
      hasTextWithoutKey = true
    }
    isInText = true
  }

  private mutating func endPair() {
    if let key {
      pairs.append((Self.text(key), isInText ? Self.text(word) : "T"))
    }
    if isInText { clearWord() }
    key = nil
    isInText = false
  }

  private mutating func clearWord() {
    word = []
    wordIsQuoted = false
  }

  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
  }
}
