using System.Text.Json;
using System.Text.Json.Serialization;
using LPZero.Messages;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Ablation;

/// <summary>
/// The parts of a study that are done, in a file that is replaced as a whole after each of them: a study that was cut off, or is asked for
/// with more seeds, goes on with what is missing.
/// </summary>
/// <typeparam name="T">What a part gives.</typeparam>
internal sealed class FinishedParts<T>
{
    private static readonly JsonSerializerOptions Options = new(MessageJson.Options)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly string path;
    private readonly SortedDictionary<string, T> parts;

    /// <summary>What the file holds; nothing where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="StorageException">It cannot be read.</exception>
    public FinishedParts(string path)
    {
        this.path = path;
        try
        {
            parts = File.Exists(path) ? JsonSerializer.Deserialize<SortedDictionary<string, T>>(File.ReadAllText(path), Options)! : [];
        }
        catch (JsonException problem)
        {
            throw new StorageException($"{path} holds no finished parts of a study: delete it to begin anew", problem);
        }
    }

    /// <summary>Whether the part is done.</summary>
    public bool Has(string key) => parts.ContainsKey(key);

    /// <summary>The part as it was done before, or what making it gives, which is kept.</summary>
    public async Task<T> GetOrAddAsync(string key, Func<Task<T>> make)
    {
        if (!parts.TryGetValue(key, out var part))
        {
            part = await make();
            parts[key] = part;
            AtomicFile.Write(path, JsonSerializer.Serialize(parts, Options), flush: false);
        }

        return part;
    }
}
