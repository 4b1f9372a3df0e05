using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using LPZero.GpuNode.Models.Decoders;
using LPZero.GpuNode.Safetensors;

namespace LPZero.GpuNode.Tests.Models.Decoders;

/// <summary>A decoder for <c>clients/python/tests/decoder.py</c>.</summary>
/// <param name="Shape">The decoder.</param>
/// <param name="Tokens">A mini-batch of token ids, [B][T].</param>
/// <param name="Weights">All weights.</param>
internal sealed record TorchDecoder(DecoderShape Shape, long[][] Tokens, IReadOnlyDictionary<string, Tensor> Weights)
{
    private static readonly JsonSerializerOptions Names =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter() } };

    /// <summary>
    /// What PyTorch computes in double: of each decoder <c>loss</c>, <c>state.L</c>, the embedding (0) or the output of a layer, and
    /// <c>d.NAME</c>, the loss's gradient with respect to a state or weight.
    /// </summary>
    public static async Task<List<IReadOnlyDictionary<string, float[]>>> RunAsync(IReadOnlyCollection<TorchDecoder> decoders)
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-torch-").FullName;
        try
        {
            Write(folder, decoders);
            await PythonProgram.RunAsync("tests.decoder", folder);
            return [.. decoders.Select((_, index) => Read(Path.Combine(folder, $"{index}.safetensors")))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string folder, IReadOnlyCollection<TorchDecoder> decoders)
    {
        using var scope = NewDisposeScope();
        File.WriteAllText(Path.Combine(folder, "networks.json"), JsonSerializer.Serialize(
            decoders.Select(decoder => new
            {
                decoder.Shape,
                decoder.Tokens,
                Weights = decoder.Weights.Select(weight => new object[] { weight.Key, weight.Value.shape }),
            }),
            Names));
        using var data = File.Create(Path.Combine(folder, "weights.f64"));
        foreach (var weight in decoders.SelectMany(decoder => decoder.Weights.Values))
        {
            data.Write(MemoryMarshal.AsBytes<double>(weight.detach().to(ScalarType.Float64).data<double>().ToArray()));
        }
    }

    private static IReadOnlyDictionary<string, float[]> Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        return file.Tensors.ToDictionary(
            stored => stored.Key,
            stored =>
            {
                var values = new float[stored.Value.Count];
                file.Read(stored.Value, values);
                return values;
            },
            StringComparer.Ordinal);
    }
}
