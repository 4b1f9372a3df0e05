using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LPZero.GpuNode.Training;
using LPZero.Messages;

namespace LPZero.Seed.Benchmarks;

/// <summary>Reads a file of tokens: its bytes, or whitespace-separated token ids.</summary>
internal static class TokenFile
{
    private const int BytesVocabulary = 256;

    /// <param name="tokens">The space file's member <c>tokens</c>: <c>file</c>, relative to the space file, and <c>form</c>.</param>
    /// <param name="sequenceLength">Tokens in a sequence, which the file has to fill.</param>
    public static (ITokenSource Source, string Digest) Read(JsonField tokens, int sequenceLength)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(tokens.File))!;
        var path = Path.Combine(folder, tokens.Text("file"));
        byte[] bytes;
        try
        {
            bytes = InputFile.Read(path, "token");
        }
        catch (BenchmarkException error)
        {
            throw new BenchmarkException(tokens.Optional("file")!.Value.Error(error.Message).Message, error);
        }

        var form = tokens.Text("form");
        var ids = form switch
        {
            "bytes" => Array.ConvertAll(bytes, value => (int)value),
            "ids" => Ids(path, Encoding.UTF8.GetString(bytes)),
            _ => throw tokens.Optional("form")!.Value.Expected("\"bytes\" or \"ids\""),
        };
        var stream = ids.Length > 0 ? new TokenStream(ids, form == "bytes" ? BytesVocabulary : ids.Max() + 1) : null;
        return stream is not null && stream.LongestSequence >= sequenceLength
            ? (stream, Convert.ToHexStringLower(SHA256.HashData(bytes)))
            : throw tokens.Optional("file")!.Value.Error(string.Create(CultureInfo.InvariantCulture,
                $"has {ids.Length} tokens, too few to hold out a tenth in sequences of {sequenceLength}; give more"));
    }

    private static int[] Ids(string path, string text)
    {
        var ids = new List<int>();
        foreach (var (index, line) in text.Split('\n').Index())
        {
            foreach (var word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                ids.Add(int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < int.MaxValue
                    ? id
                    : throw new BenchmarkException(string.Create(CultureInfo.InvariantCulture,
                        $"{path}: line {index + 1}: '{PrintableText.Escape(PrintableText.Shorten(word))}' is not a token id; " +
                        $"give whole numbers of at least 0")));
            }
        }

        return [.. ids];
    }
}
