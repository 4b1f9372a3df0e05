using LPZero.GpuNode.Devices;
using LPZero.GpuNode.Evaluation;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Spaces;
using LPZero.GpuNode.Spaces.Inputs;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Spaces.Inputs;

public sealed class InputsGenotypeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lpzero-inputs-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_recorded_network_shows_what_its_file_holds()
    {
        var genotype = Genotype(Write("a", RecordedInputs.File(1)));
        using var file = InputsFile.Open(genotype.Path);
        using var inputs = genotype.Inputs(Probing.Target().Probe, InputProbe.All, CPU);

        Assert.Equal((2, 4), (genotype.LayerCount, genotype.HiddenSize));
        foreach (var kind in InputProbe.All)
        {
            Assert.Equal(2, inputs[kind].Length);
            foreach (var (stored, tensor) in file[kind].SelectMany(layer => layer).Zip(inputs[kind].SelectMany(layer => layer)))
            {
                var values = new float[stored.Count];
                file.Read(stored, values);
                Assert.Equal<long>([2, 3, 4], tensor.shape);
                Assert.Equal(values, tensor.data<float>().ToArray());
            }
        }

        Assert.Equal(genotype.Estimate(Probing.Target().Probe).Held, inputs.Bytes);
    }

    [Fact]
    public void Only_what_is_wanted_is_read()
    {
        using var inputs = Genotype(Write("a", RecordedInputs.File(1))).Inputs(Probing.Target().Probe, [InputKind.W], CPU);

        Assert.Equal(2, inputs[InputKind.W][1].Length);
        Assert.False(inputs.Has(InputKind.A));
    }

    [Fact]
    public void A_host_evaluates_terms_of_a_recorded_network()
    {
        var genotype = Genotype(Write("a", RecordedInputs.File(1)));
        var target = new ProbedNetwork(genotype, Probing.Target().Probe);
        using var host = new ArchitectureHost(new FusedEvaluator(), 1 << 30);
        var chain = Chain.Of(UnaryOperation.Square, UnaryOperation.Log);

        var block = host.Evaluate(new TermRequest(1, 1, target, [new ChainSet(InputKind.G, [chain])], IsLast: true)).Blocks[0];

        using var inputs = genotype.Inputs(target.Probe, [InputKind.G], CPU);
        var expected = new FusedEvaluator().Evaluate(InputKind.G, inputs[InputKind.G], [chain]);
        Assert.Equal(expected.Means.ToArray(), block.Means.ToArray());
        Assert.Equal<int>([2, 2], block.TensorsPerLayer);
    }

    [Fact]
    public void Its_text_names_the_content_and_is_read_back()
    {
        var genotype = Genotype(Write("with:colon", RecordedInputs.File(1)));
        var changed = Genotype(Write("with:colon", RecordedInputs.File(2)));

        Assert.Equal(genotype, SearchSpaces.Known.Parse(genotype.ToString()));
        Assert.NotEqual(genotype, changed);
        Assert.Null(genotype.FindProblem());
        Assert.EndsWith(":2:4:1234:384:24:" + genotype.Path, genotype.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_changed_or_went_away_is_refused_in_one_line()
    {
        var genotype = Genotype(Write("a", RecordedInputs.File(1)));
        Write("a", RecordedInputs.File(2));
        Assert.Contains("has changed since", Refusal(genotype), StringComparison.Ordinal);

        File.Delete(genotype.Path);
        Assert.StartsWith($"{genotype.Path}: there is no such file on {Environment.MachineName}; put it", Refusal(genotype),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_inputs_that_the_memory_does_not_hold_are_refused_before_they_are_read_and_as_what_they_are()
    {
        // There is no such file: whoever reads it finds that out.
        var large = new InputsGenotype(new RecordedContent(new string('a', 64), 2, 4, 0, 3_000_000_000, 24), "/large.safetensors");
        var wide = new InputsGenotype(new RecordedContent(new string('a', 64), 2, 4, 0, 1L << 31, 1L << 31), "/wide.safetensors");
        using var host = new ArchitectureHost(new FusedEvaluator(), 1 << 30);
        var probe = Probing.Target().Probe;

        Assert.Matches(
            "^the recorded inputs in /large.safetensors need about 12,[0-9]{3} MB, more than the memory budget of 1,074 MB: use a larger",
            Assert.Throws<BatchTooLargeException>(() => host.Load(new ProbedNetwork(large, probe))).Message);
        Assert.StartsWith(
            "the recorded inputs in /wide.safetensors have a tensor of 8,590 MB",
            Assert.Throws<BatchTooLargeException>(() => MemoryBudget.Check(
                new ProbedNetwork(wide, probe), new FusedEvaluator(), long.MaxValue)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_baselines_are_layers_and_where_they_are_known_parameters()
    {
        var known = Genotype(Write("a", RecordedInputs.File(1))).Describe(Probing.Sizes, 8);
        var unknown = Genotype(Write("b", RecordedInputs.File(1, metadata: "\"made\":\"elsewhere\""))).Describe(Probing.Sizes, 8);

        Assert.Equal([("layers", 2), ("parameters", 1234)], known.Baselines.Select(b => (b.Name, b.Value)));
        Assert.Equal("parameters", known.MainBaseline);
        Assert.Equal(["layers"], unknown.Baselines.Select(b => b.Name));
    }

    [Theory]
    [InlineData("A.0.0", "A.0.1", "the tensor 'A.0.0' is missing")]
    [InlineData("G.1.1", "G.1.2", "the tensor 'G.1.1' is missing")]
    [InlineData("S.1.0", "S.2.0", "the tensor 'A.2.0' is missing")]
    [InlineData("A.0.0", "A.0.00", "'A.0.00' is none of the inputs")]
    [InlineData("A.0.0", "a.0.0", "'a.0.0' is none of the inputs")]
    [InlineData("A.0.0", "A.5000.0", "'A.5000.0' is none of the inputs")]
    [InlineData("A.0.0", "weights", "'weights' is none of the inputs")]
    public void A_file_that_lacks_a_tensor_or_has_another_is_refused(string name, string instead, string problem)
    {
        var tensors = RecordedInputs.Names(2).Select(n => (n == name ? instead : n, new long[] { 1 }, new[] { 1f })).ToArray();

        AssertRefused(SafetensorsBytes.OfFloats(tensors), problem);
    }

    [Theory]
    [InlineData("MF")]
    [InlineData("MF,M")]
    [InlineData("MF,MX")]
    [InlineData("MF,MF,")]
    public void Roles_that_are_not_those_of_the_weights_are_refused(string roles) =>
        AssertRefused(RecordedInputs.File(1, metadata: $"\"roles\":\"{roles}\""), "'roles' does not say M, F or O of each weight");

    [Theory]
    [InlineData("many")]
    [InlineData("-5")]
    [InlineData("0")]
    [InlineData("1.5")]
    [InlineData("")]
    [InlineData("9223372036854775808")]
    public void A_count_of_parameters_that_is_none_is_refused(string parameters) => AssertRefused(
        RecordedInputs.File(1, metadata: $"\"parameters\":\"{parameters}\""),
        $"'parameters' is '{parameters}'; give a whole number of at least 1");

    [Fact]
    public void A_file_of_nothing_of_another_version_or_with_an_empty_tensor_is_refused()
    {
        AssertRefused(SafetensorsBytes.OfFloats(), "has no tensors");
        AssertRefused(RecordedInputs.File(1, metadata: "\"version\":\"2\""), "is of version 2, not 1");
        AssertRefused(RecordedInputs.File(1, metadata: "\"format\":\"pt\""), "is of the format 'pt', not 'lpzero-inputs'");
        AssertRefused(SafetensorsBytes.OfFloats(("A.0.0", [0, 3], [])), "'A.0.0' has no elements or no dimensions");
        AssertRefused(SafetensorsBytes.OfFloats(("A.0.0", [], [1])), "'A.0.0' has no elements or no dimensions");
        AssertRefused([1, 2, 3], "fewer than any safetensors file");
    }

    [Theory]
    [InlineData("inputs")]
    [InlineData("inputs:1:2:3")]
    [InlineData("inputs:ab:2:4:-1:384:24:/a.safetensors")]
    [InlineData("inputs:ab:99999999999:4:1:384:24:/a.safetensors")]
    public void A_text_that_is_not_one_is_refused(string text) =>
        Assert.Contains("does not name recorded inputs", Assert.Throws<FormatException>(() => SearchSpaces.Known.Parse(text)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("XY", 2, "/a.safetensors")]
    [InlineData("", 2, "/a.safetensors")]
    [InlineData(null, 2, "a.safetensors")]
    [InlineData(null, 2, "/etc/passwd")]
    [InlineData(null, 2, "/a\u001b.safetensors")]
    [InlineData(null, 0, "/a.safetensors")]
    public void A_genotype_that_cannot_be_meant_has_a_problem(string? digest, int layers, string path) =>
        Assert.NotNull(new InputsGenotype(new RecordedContent(digest ?? new string('a', 64), layers, 4, 0, 24, 24), path).FindProblem());

    private static string Refusal(InputsGenotype genotype) =>
        Assert.Throws<InputsException>(() => genotype.Inputs(Probing.Target().Probe, InputProbe.All, CPU)).Message;

    private static InputsGenotype Genotype(string path)
    {
        using var file = InputsFile.Open(path);
        return new InputsGenotype(RecordedContent.Of(file), path);
    }

    private void AssertRefused(byte[] bytes, string problem)
    {
        var path = Write("refused", bytes);
        var error = Assert.Throws<InputsException>(() => InputsFile.Open(path));
        Assert.StartsWith(path + ": ", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private string Write(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name + ".safetensors");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
