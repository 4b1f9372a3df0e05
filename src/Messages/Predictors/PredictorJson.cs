using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using LPZero.Messages.Proxies;

namespace LPZero.Messages.Predictors;

/// <summary>
/// A predictor as JSON, with a digest of everything that its scores depend on: two files with one digest score alike, and a file that was
/// changed by hand or cut short is refused.
/// </summary>
public static class PredictorJson
{
    /// <summary>How files of predictors end.</summary>
    public const string FileEnding = ".predictor.json";

    private const string Digest = "digest";
    private const string Mend = "take the original, or write it again (search report RUN --out DIR)";

    // What is not known would be left out of the score without a word.
    private static readonly JsonSerializerOptions Options = Create(indented: false);
    private static readonly JsonSerializerOptions Indented = Create(indented: true);

    /// <summary>SHA-256 in hexadecimal of the predictor's JSON on one line without its name.</summary>
    public static string DigestOf(Predictor predictor) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(predictor with { Name = "" }, Options))));

    /// <summary>The predictor with its digest, for a file.</summary>
    public static string Write(Predictor predictor)
    {
        var document = JsonSerializer.SerializeToNode(predictor, Options)!.AsObject();
        document.Add(Digest, DigestOf(predictor));
        return document.ToJsonString(Indented) + "\n";
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">It is no predictor, cannot be used, or is not what its digest says; one line says why.</exception>
    public static Predictor Read(string json)
    {
        try
        {
            if (Parse(json) is not JsonObject document)
            {
                throw new FormatException("is no predictor: a JSON object is expected");
            }

            if (document[Digest] is not JsonValue digest || !digest.TryGetValue<string>(out var said))
            {
                throw new FormatException("has no digest; give a file that this program wrote");
            }

            document.Remove(Digest);
            var predictor = document.Deserialize<Predictor>(Options)!;
            if (predictor.FindProblem() is { } problem)
            {
                throw new FormatException(problem);
            }

            return DigestOf(predictor) == said
                ? predictor
                : throw new FormatException($"was changed after it was written, as its digest says; {Mend}");
        }
        catch (Exception problem) when (problem is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"is no predictor{PrintableText.Escape(Reason(problem))}; {Mend}", problem);
        }
    }

    private static JsonNode? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException problem)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                $"is no predictor: its JSON is wrong, or breaks off, at line {problem.LineNumber + 1}, " +
                $"character {problem.BytePositionInLine + 1}; {Mend}"), problem);
        }
    }

    /// <summary>Where and what, as far as the serializer's words, which are about this program's types, say it.</summary>
    private static string Reason(Exception problem)
    {
        const string Path = "Path: ";
        var message = problem.Message;
        var at = message.IndexOf(Path, StringComparison.Ordinal);
        var place = at < 0 ? "" : $" at {PrintableText.Shorten(message[(at + Path.Length)..].Split(' ')[0])}";
        if (problem.InnerException is ProxySyntaxException syntax)
        {
            return $"{place}: {PrintableText.Shorten(syntax.Message)}";
        }

        // Names of types have dots.
        var word = message.Split('\'').Where((_, i) => i % 2 == 1).FirstOrDefault(
            text => text.Length > 0 && text.All(char.IsAsciiLetterOrDigit));
        var what = word is null ? "a value" : $"'{PrintableText.Shorten(word)}'";
        return problem is ArgumentException ? ": it gives a name twice" : $"{place}: {what} is missing there, or cannot be meant";
    }

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(MessageJson.Options)
        {
            WriteIndented = indented,
            PropertyNameCaseInsensitive = false,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowOutOfOrderMetadataProperties = true,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
