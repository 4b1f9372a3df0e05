using System.Runtime.InteropServices;
using System.Text.Json;
using LPZero.GpuNode.Spaces.FlexiBert;

namespace LPZero.GpuNode.Tests.Vectors;

/// <summary>
/// Encoder layers against what the published ones computed, over whatever files <c>layers/</c> holds: to 1e-4 of the element or of the
/// mean absolute one, whichever is larger, plus 1e-6 (some gradients, such as that of a key's bias, are analytically zero).
/// </summary>
public sealed class LayerVectorsTests
{
    private const int SampledEntries = 4;

    [VectorFact("layers")]
    public void Layers_compute_and_show_what_the_published_ones_do() => ForEachFile(file =>
    {
        var output = EncoderLayer.Forward(file.Weights(ScalarType.Float32), file.Input(ScalarType.Float32));
        file.AssertNear("output", output.Output);
        file.AssertNear("mixed", output.Mixed);
        file.AssertNear("context", output.Mixing.Context);
        file.AssertNear("head_hook", output.Mixing.Head);
        file.AssertNear("softmax_hook", output.Mixing.Softmax);
        var expected = file.Json.GetProperty("act_hooks").EnumerateArray().ToList();
        Assert.Equal(expected.Count, output.Activations.Length);
        foreach (var (hook, activation) in expected.Zip(output.Activations))
        {
            file.AssertNear(VectorFile.Tensor(hook), activation, "act_hooks");
        }
    });

    [VectorFact("layers")]
    public void Gradients_of_layers_are_the_published_ones() => ForEachFile(file =>
    {
        var (input, weights) = file.Gradients(ScalarType.Float32);
        file.AssertNear("input_grad", input);
        foreach (var expected in file.Json.GetProperty("grads").EnumerateObject())
        {
            file.AssertNear(VectorFile.Tensor(expected.Value), weights[expected.Name], expected.Name);
        }
    });

    [VectorFact("layers")]
    public void Gradients_that_the_files_leave_out_are_those_of_finite_differences() => ForEachFile(file =>
    {
        var loss = file.LossInDouble();
        var left = file.Json.GetProperty("weights").EnumerateObject().Select(w => w.Name)
            .Except(file.Json.GetProperty("grads").EnumerateObject().Select(g => g.Name)).ToList();
        var single = file.Gradients(ScalarType.Float32).Weights;
        var exact = file.Gradients(ScalarType.Float64).Weights;
        foreach (var name in left)
        {
            var values = Elements<double>(exact[name]);
            var mean = values.Average(Math.Abs);
            foreach (var (s, d) in Elements<float>(single[name]).Zip(values))
            {
                Assert.True(Math.Abs(s - d) <= (1e-4 * mean) + 1e-6, $"{file.Name}, {name}: {s} in float32, {d} in double");
            }

            var stride = Math.Max(1, values.Length / SampledEntries);
            for (var index = 0; index < values.Length; index += stride)
            {
                const double Step = 1e-5;
                var difference = (loss(name, index, Step) - loss(name, index, -Step)) / (2 * Step);
                Assert.True(Math.Abs(difference - values[index]) <= (1e-5 * mean) + 1e-7,
                    $"{file.Name}, {name}[{index}]: {values[index]} instead of {difference}");
            }
        }
    });

    private static void ForEachFile(Action<LayerFile> test)
    {
        var files = Directory.GetFiles(Path.Combine(SharedData.Vectors!, "layers"), "*.json");
        Assert.NotEmpty(files);
        foreach (var path in files)
        {
            using var scope = NewDisposeScope();
            test(new LayerFile(Path.GetFileName(path), VectorFile.Read("layers", Path.GetFileName(path))));
        }
    }

    private static T[] Elements<T>(Tensor tensor)
        where T : struct => MemoryMarshal.Cast<byte, T>(tensor.contiguous().bytes).ToArray();

    private sealed record LayerFile(string Name, JsonElement Json)
    {
        private FlexiBertLayer Layer => new(
            FlexiBertBenchmarkFile.Operation(Json),
            Json.GetProperty("num_operation_heads").GetInt32(),
            Json.GetProperty("intermediate_size").GetInt32(),
            Json.GetProperty("num_feed_forward").GetInt32());

        /// <summary>The file's weights by our names; each of both must be there.</summary>
        public LayerWeights Weights(ScalarType type)
        {
            var names = Names();
            var given = Json.GetProperty("weights");
            Assert.Equal(given.EnumerateObject().Select(w => w.Name).Order(), names.Select(Published).Order());
            return new LayerWeights(Layer,
                names.ToDictionary(n => n, n => VectorFile.Tensor(given.GetProperty(Published(n))).ToTensor(type), StringComparer.Ordinal));
        }

        public Tensor Input(ScalarType type) => VectorFile.Tensor(Json.GetProperty("input")).ToTensor(type);

        /// <summary>Gradients for the file's cotangent, by the published names.</summary>
        public (Tensor Input, Dictionary<string, Tensor> Weights) Gradients(ScalarType type)
        {
            var weights = Weights(type);
            var names = Names();
            var input = Input(type).requires_grad_();
            Tensor[] differentiated = [input, .. names.Select(n => weights[n].requires_grad_())];
            var cotangent = VectorFile.Tensor(Json.GetProperty("cotangent")).ToTensor(type);
            var gradients = autograd.grad([EncoderLayer.Forward(weights, input).Output], differentiated, [cotangent]);
            return (gradients[0], names.Index().ToDictionary(n => Published(n.Item), n => gradients[n.Index + 1], StringComparer.Ordinal));
        }

        /// <summary>
        /// sum(output * cotangent) in double, with one entry of a weight (its published name, its index) moved by a step.
        /// </summary>
        public Func<string, int, double, double> LossInDouble()
        {
            var weights = Weights(ScalarType.Float64);
            var input = Input(ScalarType.Float64);
            var cotangent = VectorFile.Tensor(Json.GetProperty("cotangent")).ToTensor(ScalarType.Float64);
            var names = Names().ToDictionary(Published, StringComparer.Ordinal);
            return (published, index, step) =>
            {
                using var scope = NewDisposeScope();
                var elements = MemoryMarshal.Cast<byte, double>(weights[names[published]].bytes);
                var before = elements[index];
                elements[index] += step;
                var loss = (EncoderLayer.Forward(weights, input).Output * cotangent).sum().item<double>();
                elements[index] = before;
                return loss;
            };
        }

        public void AssertNear(string property, Tensor actual) =>
            AssertNear(VectorFile.Tensor(Json.GetProperty(property)), actual, property);

        public void AssertNear(VectorTensor expected, Tensor actual, string what)
        {
            Assert.Equal(expected.Shape, actual.shape);
            var mean = expected.Elements.Average(e => Math.Abs((double)e));
            foreach (var (e, a) in expected.Elements.Zip(Elements<float>(actual.detach())))
            {
                Assert.True(Math.Abs((double)e - a) <= (1e-4 * Math.Max(Math.Abs(e), mean)) + 1e-6, $"{Name}, {what}: {a} instead of {e}");
            }
        }

        private List<string> Names() =>
            [.. FlexiBertParameters.Layer(Json.GetProperty("hidden_size").GetInt32(), Layer).Select(p => p.Name)];

        private static string Published(string name)
        {
            var parts = name.Split('.');
            return parts switch
            {
                ["mixing", "key_convolution", ..] => $"operation.operation.key_conv_attn_layer.{string.Join('.', parts[2..])}",
                ["mixing", "convolution_kernel", var kind] => $"operation.operation.conv_kernel_layer.{kind}",
                ["mixing", "convolution_output", var kind] => $"operation.operation.conv_out_layer.{kind}",
                ["mixing", ..] => $"operation.operation.{string.Join('.', parts[1..])}",
                ["projection", "dense", var kind] => $"operation.output.dense.{kind}",
                ["projection", "layer_norm", var kind] => $"operation.output.LayerNorm.{kind}",
                ["feed_forward", "0", var kind] => $"intermediate.dense_in.{kind}",
                ["feed_forward", var index, var kind] =>
                    $"intermediate.dense_list.{int.Parse(index, System.Globalization.CultureInfo.InvariantCulture) - 1}.{kind}",
                ["output", "layer_norm", var kind] => $"output.LayerNorm.{kind}",
                _ => name,
            };
        }
    }
}
