using System.Runtime.InteropServices;
using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Proxies;
using LPZero.GpuNode.Spaces.Inputs;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Proxies;

/// <summary>A network whose inputs were recorded scores as the network that showed them.</summary>
[Collection(LiveTensors.Name)]
public sealed class RecordedEvidenceTests : IDisposable
{
    private const string Again = "there is no network to pass over again";
    private const string Unknown = "is not known";

    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-recorded-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Each_proxy_scores_what_was_recorded_as_it_scores_the_network_or_says_why_not()
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["non-embedding-parameters"] = Unknown,
            ["decoder-parameters"] = Unknown,
            ["attention-parameters"] = Unknown,
            ["feed-forward-parameters"] = Unknown,
            ["flops"] = "operations are not known",
            ["attention-confidence"] = "not those of key and value",
            ["attention-confidence-normalized"] = "not those of key and value",
            ["effective-rank"] = "the states behind each layer",
            ["fisher"] = "no gradients of the activations",
            ["grasp"] = Again,
            ["synflow"] = Again,
            ["logsynflow"] = Again,
            ["zennas"] = Again,
        };
        var (built, recorded) = Scores(Evidence.Mixed);
        foreach (var (ours, theirs) in built.Zip(recorded))
        {
            Assert.Equal(ours.Proxy, theirs.Proxy);
            if (reasons.TryGetValue(ours.Proxy, out var reason))
            {
                Assert.Null(theirs.Value);
                Assert.Contains(reason, theirs.Reason, StringComparison.Ordinal);
            }
            else
            {
                Assert.True(ours.Value is not null && theirs.Value is not null, theirs.ToString());
                Assert.Equal(ours.Value.Value, theirs.Value.Value, 1e-12 * Math.Abs(ours.Value.Value));
            }
        }
    }

    [Fact]
    public void What_asks_for_attention_s_weights_is_not_defined_where_the_file_does_not_say_which_they_are()
    {
        using var host = new ArchitectureHost(new FusedEvaluator(), 1 << 30);
        using var inputs = Probing.Inputs(Evidence.Mixed);
        var target = Target("old", RecordedInputs.File(inputs, "\"version\":\"1\""));
        string[] ids = ["zerolm-attention", "zerolm-feed-forward", "synaptic-diversity", "synaptic-saliency", "head-importance"];
        Assert.All(
            host.Score(target, ids), score => Assert.Contains("which weights are attention's", score.Reason, StringComparison.Ordinal));
        Assert.NotNull(host.Score(target, ["zerolm"])[0].Value);
        Assert.Contains("parameter", host.Score(target, ["w-pca"])[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Attention_that_no_layer_has_is_not_taken_for_some()
    {
        var (built, recorded) = Scores(Evidence.Transform);
        var (ours, theirs) = (Of(built), Of(recorded));
        Assert.Equal("no layer has attention probabilities", theirs.Reason);
        Assert.Equal(ours.Reason, theirs.Reason);

        static ProxyScore Of(IEnumerable<ProxyScore> scores) => scores.Single(score => score.Proxy == "softmax-confidence");
    }

    [Fact]
    public void What_needs_no_inputs_or_inputs_that_no_file_holds_is_answered_without_the_file()
    {
        var recorded = Recorded(Evidence.Mixed);
        File.Delete(((InputsGenotype)recorded.Network).Path);
        using var host = new ArchitectureHost(new FusedEvaluator(), 1 << 30);
        Assert.Equal(Parameters(Evidence.Mixed), host.Score(recorded, ["parameters"])[0].Value);
        Assert.Contains(Again, host.Score(recorded, ["grasp"])[0].Reason, StringComparison.Ordinal);
        var problem = Assert.Throws<InputsException>(() => host.Score(recorded, ["snip"]));
        Assert.Contains("there is no such file", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("W", "snip", "W and G are not weights and their gradients")]
    [InlineData("A", "nwot", "A are not [sequences, tokens, units]")]
    [InlineData("J", "jacobian-cosine", "J is not [sequences, tokens, units]")]
    [InlineData("S", "nwot", "of the same sequences and tokens as J and S")]
    public void Inputs_of_another_form_than_a_proxy_is_defined_on_are_named(string changed, string proxy, string reason)
    {
        // Two sequences of three tokens, and what is changed the other way round.
        var target = Changed(changed, [3, 2, 4]);
        using var host = new ArchitectureHost(new FusedEvaluator(), 1 << 30);

        var score = Assert.Single(host.Score(target, [proxy]));
        Assert.Null(score.Value);
        Assert.Contains(reason, score.Reason, StringComparison.Ordinal);
        Assert.NotNull(host.Score(target, [changed == "W" ? "activation-distance" : "gradient-norm"])[0].Value);
    }

    [Fact]
    public void A_gradient_of_the_states_that_has_one_dimension_is_named_wherever_it_is_asked_for()
    {
        using var host = new ArchitectureHost(new FusedEvaluator(), 1 << 30);
        Assert.All(
            host.Score(Changed("J", [24]), ["nwot", "jacobian-cosine"]),
            score => Assert.Contains("not [sequences, tokens, units]", score.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_tensor_that_no_memory_holds_is_refused_before_it_is_read()
    {
        // There is no such file: whoever reads it finds that out.
        var wide = new InputsGenotype(new RecordedContent(new string('a', 64), 2, 4, 0, 1L << 31, 1L << 31), "/wide.safetensors");
        Assert.StartsWith(
            "the recorded inputs in /wide.safetensors have a tensor of 8,590 MB",
            Assert.Throws<BatchTooLargeException>(() => MemoryBudget.CheckScoring(
                new ProbedNetwork(wide, Evidence.Mixed.Probe), long.MaxValue)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_proxy_has_no_score_where_each_tensor_holds_a_number_that_is_not_finite(float bad)
    {
        using var inputs = Probing.Inputs(Evidence.Mixed);
        foreach (var tensor in InputProbe.All.SelectMany(kind => inputs[kind]).SelectMany(layer => layer))
        {
            MemoryMarshal.Cast<byte, float>(tensor.bytes)[^1] = bad;
        }

        using var host = new ArchitectureHost(new FusedEvaluator(), 1 << 30);
        var target = Target("bad", RecordedInputs.File(inputs, Metadata(Evidence.Mixed)));
        var scores = host.Score(
            target, [.. DesignedProxies.All.Where(proxy => proxy.Needs != ProxyNeeds.Description).Select(proxy => proxy.Id)]);
        Assert.All(scores, score => Assert.True(score.Value is null, score.ToString()));
        string[] some = ["snip", "plain", "nwot", "w-pca", "eznas", "zerolm", "softmax-confidence", "activation-distance"];
        Assert.All(
            scores.Where(score => some.Contains(score.Proxy) || score.Proxy.StartsWith("jacobian", StringComparison.Ordinal)),
            score => Assert.Equal("its value is not finite", score.Reason));
        Assert.Equal(Parameters(Evidence.Mixed), host.Score(target, ["parameters"])[0].Value);
    }

    [Fact]
    public void A_NaN_in_one_input_is_the_matter_of_the_proxies_that_look_at_it()
    {
        using var inputs = Probing.Inputs(Evidence.Mixed);
        MemoryMarshal.Cast<byte, float>(inputs[InputKind.A][0][0].bytes)[7] = float.NaN;
        using var host = new ArchitectureHost(new FusedEvaluator(), 1 << 30);
        var target = Target("some", RecordedInputs.File(inputs, Metadata(Evidence.Mixed)));
        var scores = host.Score(target, ["nwot", "snip", "activation-distance", "jacobian-cosine"]);
        Assert.Equal([true, false, true, false], scores.Select(score => score.Value is null));
    }

    [Fact]
    public void Nothing_of_the_recorded_inputs_is_left() => Assert.Equal(0, LiveTensors.LeftBehind(() => Scores(Evidence.Transform)));

    private ProbedNetwork Changed(string changed, long[] shape) => Target("form", SafetensorsBytes.OfFloats(
    [
        .. RecordedInputs.Names(2).Select(name => (
            name, name[0] == changed[0] ? shape : [2, 3, 4], Enumerable.Range(0, 24).Select(i => i / 24f).ToArray())),
    ]));

    private (IReadOnlyList<ProxyScore> Built, IReadOnlyList<ProxyScore> Recorded) Scores(ProbedNetwork target)
    {
        using var host = new ArchitectureHost(new FusedEvaluator(), 1 << 30);
        var ids = DesignedProxies.All.Select(proxy => proxy.Id).ToList();
        return (host.Score(target, ids), host.Score(Recorded(target), ids));
    }

    private ProbedNetwork Recorded(ProbedNetwork target)
    {
        using var inputs = Probing.Inputs(target);
        return Target("recorded", RecordedInputs.File(inputs, Metadata(target)));
    }

    private static string Metadata(ProbedNetwork target)
    {
        var network = GpuNode.Spaces.Network.Of(target, CPU);
        var roles = Enumerable.Range(0, network.Layers).Select(layer => string.Concat(network.Parameters(layer)
            .Where(shape => shape.IsLinearMap).Select(shape => shape.IsMixing ? 'M' : shape.IsFeedForward ? 'F' : 'O')));
        return $"\"parameters\":\"{Parameters(target)}\",\"roles\":\"{string.Join(',', roles)}\"";
    }

    private static long Parameters(ProbedNetwork target) =>
        target.Network.Describe(target.Probe.Sizes, target.Probe.SequenceLength).TotalParameters!.Value;

    private ProbedNetwork Target(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name + ".safetensors");
        File.WriteAllBytes(path, bytes);
        using var file = InputsFile.Open(path);
        return new ProbedNetwork(new InputsGenotype(RecordedContent.Of(file), path), Evidence.Mixed.Probe);
    }
}
