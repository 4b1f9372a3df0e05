using System.Globalization;
using System.Text.Json;

namespace LPZero.Seed.Benchmarks;

/// <summary>Reads a JSON file; what goes wrong becomes a <see cref="BenchmarkException"/> that says where.</summary>
internal static class JsonFile
{
    /// <param name="path">The file.</param>
    /// <param name="what">What the file should be, such as "benchmark", for the message when it is missing.</param>
    public static JsonField Read(string path, string what)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BenchmarkException($"{path}: there is no such {what} file; check the path", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BenchmarkException(Directory.Exists(path)
                ? $"{path}: is a directory; give the path of the {what} file in it"
                : $"{path}: cannot be read ({error.Message}); check its permissions", error);
        }

        return Parse(bytes, path);
    }

    /// <param name="bytes">The text in UTF-8.</param>
    /// <param name="path">Where it comes from, for messages.</param>
    public static JsonField Parse(byte[] bytes, string path)
    {
        ReadOnlySpan<byte> text = bytes;
        if (text.StartsWith("\uFEFF"u8))
        {
            text = text[3..];
        }

        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using var document = JsonDocument.Parse(NonFiniteLiterals.Quote(text), options);
            return new JsonField(document.RootElement.Clone(), path, "$");
        }
        catch (JsonException error)
        {
            var position = string.Create(CultureInfo.InvariantCulture, $"line {error.LineNumber + 1}, position {error.BytePositionInLine + 1}");
            var reason = error.Message.Split(" LineNumber:")[0].TrimEnd('.').ReplaceLineEndings(" ");
            throw new BenchmarkException($"{path}: {position}: is not valid JSON ({reason}); correct it there", error);
        }
    }
}
