using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

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
            if (JsonNode.Parse(json) is not JsonObject document)
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
                : throw new FormatException("was changed after it was written, as its digest says; take the original, or write it again");
        }
        catch (Exception problem) when (problem is JsonException or NotSupportedException or InvalidOperationException or ArgumentException)
        {
            var reason = problem.Message.Split(" LineNumber:")[0].TrimEnd('.').ReplaceLineEndings(" ");
            throw new FormatException($"is no predictor ({PrintableText.Escape(PrintableText.Shorten(reason))})", problem);
        }
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
