using System.Text.Json;
using LPZero.Messages;

namespace LPZero.Seed.Benchmarks;

/// <summary>Reads a JSON file; what goes wrong becomes a <see cref="BenchmarkException"/> that says where.</summary>
internal static class JsonFile
{
    /// <param name="path">The file.</param>
    /// <param name="what">What the file should be, such as "benchmark", for the message when it is missing.</param>
    public static JsonField Read(string path, string what) => Parse(InputFile.Read(path, what), path);

    /// <param name="bytes">The text in UTF-8.</param>
    /// <param name="path">Where it comes from, for messages.</param>
    public static JsonField Parse(byte[] bytes, string path)
    {
        ReadOnlySpan<byte> text = bytes;
        if (text.StartsWith("\uFEFF"u8))
        {
            text = text[3..];
        }

        // The parser itself looks at the bytes of a text only when the text is asked for.
        Utf8File.Check(text, path);
        try
        {
            var json = NonFiniteLiterals.Quote(text);
            CheckTexts(json, path);
            using var document = JsonDocument.Parse(
                json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return new JsonField(document.RootElement.Clone(), path, "$");
        }
        catch (JsonException error)
        {
            var reason = PrintableText.Escape(
                PrintableText.Shorten(error.Message.Split(" LineNumber:")[0].TrimEnd('.').ReplaceLineEndings(" ")));
            throw new BenchmarkException(
                $"{path}: {Utf8File.Position(error.LineNumber + 1, error.BytePositionInLine + 1)}: is not valid JSON ({reason}); " +
                "correct it there", error);
        }
    }

    /// <summary>An escape can name half of a character, which no text holds.</summary>
    private static void CheckTexts(ReadOnlySpan<byte> json, string path)
    {
        var reader = new Utf8JsonReader(
            json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                try
                {
                    reader.GetString();
                }
                catch (InvalidOperationException error)
                {
                    throw new BenchmarkException(
                        $"{path}: {Utf8File.PositionOf(json, (int)reader.TokenStartIndex)}: the text escapes half of a surrogate pair; " +
                        "correct it there", error);
                }
            }
        }
    }
}
