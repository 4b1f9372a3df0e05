using System.Collections.Immutable;
using System.Security.Cryptography;

namespace LPZero.GpuNode.Safetensors;

/// <summary>
/// Tensors in the shards that an index names, as Hugging Face writes them: <c>model.safetensors.index.json</c>, whose
/// <c>weight_map</c> gives the file of each tensor in the index's own folder.
/// </summary>
public sealed class ShardedSafetensors : ISafetensors
{
    /// <summary>The end of an index's name.</summary>
    public const string IndexSuffix = ".index.json";

    private readonly Dictionary<string, StoredTensor> tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafetensorsFile> shardOf;
    private readonly ImmutableArray<SafetensorsFile> shards;

    private ShardedSafetensors(ImmutableArray<SafetensorsFile> shards, Dictionary<string, SafetensorsFile> shardOf)
    {
        this.shards = shards;
        this.shardOf = shardOf;
        foreach (var (name, shard) in shardOf)
        {
            tensors.Add(name, shard.Tensors[name]);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, StoredTensor> Tensors => tensors;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Metadata => shards[0].Metadata;

    /// <inheritdoc/>
    public ImmutableArray<string> Files => [.. shards.SelectMany(shard => shard.Files)];

    /// <summary>Opens an index and all shards that it names.</summary>
    /// <exception cref="SafetensorsException">One of them is missing or cannot be used, or they contradict each other.</exception>
    public static ShardedSafetensors Open(string path)
    {
        var map = ReadIndex(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var files = new SortedDictionary<string, SafetensorsFile>(StringComparer.Ordinal);
        try
        {
            foreach (var file in map.Values.Distinct(StringComparer.Ordinal))
            {
                files.Add(file, SafetensorsFile.Open(Path.Combine(folder, file)));
            }

            CheckAgreement(path, map, files);
            return new ShardedSafetensors([.. files.Values], map.ToDictionary(p => p.Key, p => files[p.Value], StringComparer.Ordinal));
        }
        catch
        {
            foreach (var file in files.Values)
            {
                file.Dispose();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public void Read(StoredTensor tensor, Span<float> destination) => shardOf[tensor.Name].Read(tensor, destination);

    /// <inheritdoc/>
    public void AppendTo(IncrementalHash digest)
    {
        foreach (var shard in shards)
        {
            shard.AppendTo(digest);
        }
    }

    /// <summary>Releases the shards' mappings.</summary>
    public void Dispose()
    {
        foreach (var shard in shards)
        {
            shard.Dispose();
        }
    }

    private static void CheckAgreement(
        string path, ImmutableSortedDictionary<string, string> map, SortedDictionary<string, SafetensorsFile> files)
    {
        foreach (var (name, file) in map)
        {
            if (!files[file].Tensors.ContainsKey(name))
            {
                throw Error(path, $"names the tensor {SafetensorsHeader.Quoted(name)} of {file}, which has none of that name");
            }
        }

        foreach (var (file, opened) in files)
        {
            if (opened.Tensors.Keys.FirstOrDefault(name => !map.TryGetValue(name, out var named) || named != file) is { } stray)
            {
                throw Error(path, $"does not give the tensor {SafetensorsHeader.Quoted(stray)} to {file}, which has it");
            }
        }
    }

    private static SafetensorsException Error(string path, string problem, Exception? cause = null) =>
        cause is null ? new($"{path}: {problem}; write the files again") : new($"{path}: {problem}; write the files again", cause);

    private static ImmutableSortedDictionary<string, string> ReadIndex(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > SafetensorsHeader.LongestBytes)
            {
                throw Error(path, "is larger than any index of safetensors files");
            }

            var json = new byte[file.Length];
            file.ReadExactly(json);
            return ShardIndex.Parse(json);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SafetensorsException($"{path}: there is no such file", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SafetensorsException(
                $"{path}: cannot be read ({error.Message.ReplaceLineEndings(" ")}); check its permissions", error);
        }
        catch (FormatException error)
        {
            throw Error(path, error.Message, error);
        }
    }
}
