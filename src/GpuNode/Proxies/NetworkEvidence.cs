using System.Collections.Immutable;
using System.Diagnostics;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Networks;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;

namespace LPZero.GpuNode.Proxies;

/// <summary>
/// What a network shows to proxies that people designed. Each of its four passes runs when it is first asked for, once for all of them, and
/// what it shows stays until the evidence is disposed. Of the pass over the mini-batch only what they need runs: the weights are drawn
/// alone, a forward pass, or that and a backward pass, and what is computed has the same bits either way. Belongs to one thread.
/// </summary>
public sealed class NetworkEvidence : IDisposable
{
    // How far weights and states are moved, as a part of them: in float32 between rounding, which grows below, and curvature.
    private const double Step = 0.01;

    private readonly INetwork? network;
    private readonly ProxyNeeds needs;
    private ArchitectureInputs? recorded;
    private readonly List<Tensor> kept = [];
    private readonly HashSet<object> used = [];
    private readonly Dictionary<int, IReadOnlyDictionary<string, Tensor>> drawn = [];
    private IReadOnlyDictionary<string, Tensor> drawnForLoss = ImmutableDictionary<string, Tensor>.Empty;
    private readonly Pass<ImmutableArray<LayerEvidence>> normal;
    private readonly Pass<double> scaled;
    private readonly Pass<AbsoluteFlow> absolute;
    private readonly Pass<Tensor> perturbed;
    private double secondsOfPasses;
    private double secondsForward;
    private double secondsBackward;

    /// <summary>Evidence of a network. Nothing runs yet.</summary>
    /// <param name="network">The network; null where there is none to pass over, as its inputs were recorded.</param>
    /// <param name="structure">Its numbers of parameters and what else follows from its description.</param>
    /// <param name="read">Reads all six of its recorded inputs, where there is no network to pass over.</param>
    /// <param name="needs">What will be looked at; nothing else is computed.</param>
    public NetworkEvidence(
        INetwork? network, Structure structure, Func<ArchitectureInputs>? read = null, ProxyNeeds needs = ProxyNeeds.All)
    {
        this.network = network;
        this.needs = needs;
        Structure = structure;
        normal = new(this, read is null ? RunNormal : () => RecordedEvidence.LayersOf(recorded = read()));
        scaled = new(this, RunScaled);
        absolute = new(this, RunAbsolute);
        perturbed = new(this, RunPerturbed);
    }

    /// <summary>The network.</summary>
    /// <exception cref="InvalidOperationException">There is none to pass over.</exception>
    public INetwork Network => network ?? throw new InvalidOperationException("there is no network to pass over");

    /// <summary>Its numbers of parameters and what else follows from its description.</summary>
    public Structure Structure { get; }

    /// <summary>Passes that have run: forward, or forward and backward.</summary>
    public int Passes { get; private set; }

    /// <summary>
    /// What each layer shows of what is needed, in one forward and one backward pass over the mini-batch, or what was recorded of one;
    /// first to last.
    /// </summary>
    public ImmutableArray<LayerEvidence> Layers => normal.Value;

    /// <summary>The linear maps of all layers.</summary>
    public IEnumerable<MapEvidence> Maps => Layers.SelectMany(layer => layer.Maps);

    /// <summary>
    /// θᵀ H g with the weights θ of all linear maps, their gradient g and the Hessian H of the loss. As H is symmetric this is gᵀ (H θ),
    /// and H θ is how g changes where all weights grow in proportion: a second forward and backward pass, at weights 1 % larger.
    /// </summary>
    public double WeightsHessianGradient => scaled.Value;

    /// <summary>
    /// What flows through the linear maps, in double, with absolute weights, where a single sequence of ones enters the first layer.
    /// Normalisations, which would make the sum of the output a constant, are left out, and so are the scores of attention: a sequence of
    /// ones stays one of equal tokens, on which no score matters. The gradient through scores is then 0, but computed it is rounding times
    /// the square of the states, far above everything else. Tokens differ only behind transforms and convolutions of an encoder, where
    /// scores are left out all the same; the maps that make nothing but scores (keys, most queries, the matrix behind them) have no flow.
    /// So are the gates of SwiGLU, and the activation is the input map alone: without normalisations the product of two maps of the states
    /// squares them in each layer, which outgrows a double within ten. The maps of gates are not shown.
    /// </summary>
    public AbsoluteFlow AbsoluteFlow => absolute.Value;

    /// <summary>
    /// The last layer's output [B, T, hidden] where normal noise, 1 % as large as the embedded mini-batch, was added to that.
    /// </summary>
    public Tensor PerturbedOutput => perturbed.Value;

    /// <summary>Whether <see cref="Layers"/> were asked for, and so are there.</summary>
    public bool HasRun => normal.HasRun;

    /// <summary>Why the network does not show what a proxy needs, in one line; null where it does.</summary>
    public string? FindMissing(ProxyNeeds needs) => network is not null || needs == ProxyNeeds.Description
        ? null
        : RecordedEvidence.FindUnrecorded(needs) ?? RecordedEvidence.FindMisfit(needs, Layers);

    /// <summary>Some of the six inputs, as they are where the pass runs for them alone. Owned by the caller.</summary>
    /// <param name="wanted">Which ones.</param>
    public ArchitectureInputs Inputs(IReadOnlyCollection<InputKind> wanted) => new(
    [
        .. InputProbe.All.Select(kind => wanted.Contains(kind)
            ? ImmutableArray.CreateRange(Layers.Select(layer => ImmutableArray.CreateRange(
                Of(layer, kind).Select(shown => shown.contiguous().DetachFromDisposeScope()))))
            : []),
    ]);

    /// <summary>The sum over the linear maps, or some of them, of a number of each.</summary>
    public double Sum(Func<MapEvidence, Tensor> value, Func<MapEvidence, bool>? which = null) =>
        Maps.Where(which ?? (_ => true)).Sum(map => Total(value(map)));

    /// <summary>Whether all of a tensor's elements are finite. What compares elements, or takes their signs, has to ask.</summary>
    public static bool IsFinite(Tensor tensor) => tensor.isfinite().all().item<bool>();

    /// <summary>The sum of a tensor's elements, in double.</summary>
    public static double Total(Tensor tensor) => tensor.sum(ScalarType.Float64).item<double>();

    /// <summary>A proxy's value and what it took: all passes that it used, whoever used them first, and its own computation.</summary>
    /// <param name="ofProxy">What the proxy needs: of the pass over the mini-batch its own part counts.</param>
    /// <param name="score">Makes the value.</param>
    internal (ProxyValue Value, double Seconds) Time(ProxyNeeds ofProxy, Func<ProxyValue> score)
    {
        used.Clear();
        var before = secondsOfPasses;
        var clock = Stopwatch.StartNew();
        var value = score();
        var own = clock.Elapsed.TotalSeconds - (secondsOfPasses - before);
        var ofOthers = !used.Contains(normal) ? 0
            : (Has(ofProxy, ProxyNeeds.Forward) ? 0 : secondsForward) + (Has(ofProxy, ProxyNeeds.Backward) ? 0 : secondsBackward);
        return (value, own + used.OfType<IPass>().Sum(pass => pass.Seconds) - ofOthers);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        kept.ForEach(tensor => tensor.Dispose());
        recorded?.Dispose();
    }

    /// <summary>What has to be looked at where an input is wanted of <see cref="Inputs"/>.</summary>
    internal static ProxyNeeds NeedsOf(InputKind kind) => kind switch
    {
        InputKind.W => ProxyNeeds.Maps,
        InputKind.A => ProxyNeeds.Activations,
        InputKind.H => ProxyNeeds.Projections,
        InputKind.S => ProxyNeeds.Probabilities,
        InputKind.J => ProxyNeeds.Jacobian,
        InputKind.G => ProxyNeeds.WeightGradients,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static IEnumerable<Tensor> Of(LayerEvidence layer, InputKind kind) => kind switch
    {
        InputKind.W => layer.Maps.Select(map => map.Weight),
        InputKind.A => layer.Activations,
        InputKind.H => layer.States.Heads,
        InputKind.S => layer.States.Softmax,
        InputKind.J => [layer.InputGradient],
        InputKind.G => layer.Maps.Select(map => map.Gradient),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private ImmutableArray<LayerEvidence> RunNormal()
    {
        for (var layer = 0; layer < Network.Layers; layer++)
        {
            drawn.Add(layer, Keep(Network.Draw(layer)));
        }

        return Has(needs, ProxyNeeds.Forward)
            ? RunOverMiniBatch()
            : [.. drawn.Values.Select((weights, layer) => new LayerEvidence(
                [.. Shown(layer).Select(shape => new MapEvidence(shape, weights[shape.Name], gradient: null))]))];
    }

    private ImmutableArray<LayerEvidence> RunOverMiniBatch()
    {
        Passes++;
        var clock = Stopwatch.StartNew();
        var isTracked = Has(needs, ProxyNeeds.Backward);
        using var guard = set_grad_enabled(isTracked);
        var hidden = Network.Embed().requires_grad_(isTracked);
        var layers = new List<TrackedLayer>();
        for (var layer = 0; layer < Network.Layers; layer++)
        {
            layers.Add(Forward(layer, hidden));
            hidden = layers[^1].Output.Output;
        }

        secondsForward = clock.Elapsed.TotalSeconds;
        var gradients = isTracked ? Backward(layers) : null;
        secondsBackward = clock.Elapsed.TotalSeconds - secondsForward;
        return [.. layers.Select((layer, index) => Shown(index, layer, gradients))];
    }

    /// <summary>
    /// A layer's forward pass. What is neither shown nor differentiated lives on in the graph alone, which backward releases as it goes.
    /// </summary>
    private TrackedLayer Forward(int layer, Tensor hidden)
    {
        using var inner = NewDisposeScope();
        var weights = drawn[layer].ToDictionary(own => own.Key, own => own.Value.detach(), StringComparer.Ordinal);
        var maps = is_grad_enabled() ? Tracked(Shown(layer), weights) : [];
        var output = Network.Forward(layer, weights, hidden);
        foreach (var tensor in (Tensor[])[.. maps, .. output.Activations, output.Output])
        {
            tensor.MoveToOuterDisposeScope();
        }

        var mixing = output.Mixing;
        mixing = mixing with
        {
            Context = Keep(mixing.Context),
            Head = Keep(mixing.Head),
            Softmax = Keep(mixing.Softmax),
            Projections = [.. mixing.Projections.Select(Keep)],
        };
        return new TrackedLayer(hidden, output with { Mixing = mixing }, maps);
    }

    private Queue<Tensor> Backward(List<TrackedLayer> layers)
    {
        drawnForLoss = Keep(Network.DrawForLoss());
        return new Queue<Tensor>(CheckedCalls.Gradients(
            Network.Loss(drawnForLoss, layers[^1].Output.Output),
            [.. layers.SelectMany(layer => layer.Maps.Prepend(layer.Input).Concat(layer.Output.Activations))]).Select(Keep));
    }

    /// <summary>What a layer shows, with its gradients, which are the next in the queue, or without.</summary>
    private LayerEvidence Shown(int index, TrackedLayer layer, Queue<Tensor>? gradients)
    {
        var (output, mixing) = (layer.Output, layer.Output.Mixing);
        var inputGradient = gradients?.Dequeue();
        ImmutableArray<MapEvidence> maps =
            [.. Shown(index).Select(shape => new MapEvidence(shape, drawn[index][shape.Name], gradients?.Dequeue()))];
        var shown = new LayerEvidence(maps)
        {
            States = new LayerStates(
                [.. output.Activations.Select(Keep)], [mixing.Head], [mixing.Softmax], mixing.HasProbabilities ? [mixing.Softmax] : []),
            Pass = new LayerPass(Keep(layer.Input), Keep(output.Output), mixing),
        };
        return gradients is null
            ? shown
            : shown with
            {
                InputGradient = inputGradient!,
                Pass = shown.Pass with { ActivationGradients = [.. output.Activations.Select(_ => gradients.Dequeue())] },
            };
    }

    private double RunScaled()
    {
        Passes++;
        var first = Layers;
        var sum = 0.0;
        Differentiate(
            Network.Embed(),
            layer => Network.Parameters(layer).ToDictionary(
                shape => shape.Name,
                shape => IsShown(shape) ? drawn[layer][shape.Name].Over(1 / (1 + Step)) : drawn[layer][shape.Name], StringComparer.Ordinal),
            hidden => CheckedCalls.Gradients(Network.Loss(drawnForLoss, hidden), [hidden])[0],
            (layer, index, map) =>
            {
                var gradient = first[layer].Maps[index].Gradient;
                sum += ElementSums.Of(gradient, map.Gradient, (before, after) => before * (after - before));
            });
        return sum / Step;
    }

    private AbsoluteFlow RunAbsolute()
    {
        Passes++;
        var (products, logarithms) = (0.0, 0.0);
        FlowThroughAbsoluteWeights(map =>
        {
            products += map.Sum((weight, gradient) => weight.mul(gradient).abs_());
            logarithms += map.Sum((weight, gradient) => gradient.abs().log1p_().mul_(weight));
        });
        return new AbsoluteFlow(products, logarithms);
    }

    /// <summary>Shows the maps of that flow, the last layer's first, with the gradient of the sum of the output.</summary>
    /// <param name="take">Given each map; its tensors last as long as the call.</param>
    internal void FlowThroughAbsoluteWeights(Action<MapEvidence> take)
    {
        using var scope = NewDisposeScope();
        var embedded = Network.Embed();
        Differentiate(
            ones([1, embedded.shape[1], embedded.shape[2]], dtype: ScalarType.Float64, device: embedded.device),
            layer =>
            {
                var (parameters, weights) = (Network.Parameters(layer), drawn.GetValueOrDefault(layer) ?? Network.Draw(layer));
                return parameters.Where(own => own.Role is not (ParameterRole.Normalization or ParameterRole.Gate)).ToDictionary(
                    own => own.Name,
                    own => IsOfScores(own, parameters)
                        ? zeros_like(weights[own.Name], dtype: ScalarType.Float64)
                        : weights[own.Name].to(ScalarType.Float64, copy: true).abs_(), StringComparer.Ordinal);
            },
            hidden => ones_like(hidden),
            (_, _, map) => take(map));
    }

    /// <summary>
    /// A forward pass, and a backward pass layer by layer, each of them forward again: no more than one layer's weights and gradients are
    /// there at once.
    /// </summary>
    /// <param name="first">The states before the first layer.</param>
    /// <param name="weightsOf">Makes the weights of a layer; a map that is not among them takes no part.</param>
    /// <param name="cotangentOf">The gradient with respect to the last layer's output, which is tracked.</param>
    /// <param name="take">Given each linear map with its layer and its index there, the last layer's first.</param>
    private void Differentiate(
        Tensor first, Func<int, Dictionary<string, Tensor>> weightsOf, Func<Tensor, Tensor> cotangentOf, Action<int, int, MapEvidence> take)
    {
        var states = new List<Tensor> { first };
        for (var layer = 0; layer < Network.Layers; layer++)
        {
            using var guard = no_grad();
            using var inner = NewDisposeScope();
            states.Add(Network.Forward(layer, weightsOf(layer), states[^1]).Output.MoveToOuterDisposeScope());
        }

        var cotangent = cotangentOf(states[^1].detach().requires_grad_());
        for (var layer = Network.Layers - 1; layer >= 0; layer--)
        {
            using var inner = NewDisposeScope();
            var (weights, input) = (weightsOf(layer), states[layer].detach().requires_grad_());
            ImmutableArray<ParameterShape> shapes = [.. Shown(layer).Where(shape => weights.ContainsKey(shape.Name))];
            var maps = Tracked(shapes, weights);
            var output = Network.Forward(layer, weights, input).Output;
            var gradients = CheckedCalls.Gradients(output, [.. maps, input], cotangent);
            foreach (var (index, shape) in shapes.Index())
            {
                using var ofMap = NewDisposeScope();
                take(layer, index, new MapEvidence(shape, maps[index].detach(), gradients[index]));
            }

            cotangent = gradients[^1].MoveToOuterDisposeScope();
        }
    }

    private Tensor RunPerturbed()
    {
        Passes++;
        using var guard = no_grad();
        var embedded = Network.Embed();
        var noise = empty([.. embedded.shape], dtype: ScalarType.Float32);
        new CounterRandom(Network.Probe.BatchSeed, "noise").FillNormal(RandomWeights.Floats(noise), 1);
        var size = Math.Sqrt(Total(embedded.Squared()) / embedded.numel());
        var hidden = embedded.Plus(noise.MovedTo(embedded.device).Over(1 / (Step * size)));
        for (var layer = 0; layer < Network.Layers; layer++)
        {
            using var inner = NewDisposeScope();
            hidden = Network.Forward(layer, drawn.GetValueOrDefault(layer) ?? Network.Draw(layer), hidden).Output.MoveToOuterDisposeScope();
        }

        return Keep(hidden);
    }

    private static bool Has(ProxyNeeds needs, ProxyNeeds any) => (needs & any) != ProxyNeeds.Description;

    private ImmutableArray<ParameterShape> Shown(int layer) =>
        [.. Network.Parameters(layer).Where(IsShown)];

    private bool IsShown(ParameterShape shape) => InputProbe.IsShown(shape, Network.Probe.Weights);

    private static ImmutableArray<Tensor> Tracked(ImmutableArray<ParameterShape> shapes, IReadOnlyDictionary<string, Tensor> weights) =>
        [.. shapes.Select(shape => weights[shape.Name].requires_grad_())];

    /// <summary>Whether it acts through attention's scores alone: queries of a span convolution also make its kernels.</summary>
    private static bool IsOfScores(ParameterShape shape, ImmutableArray<ParameterShape> all) =>
        shape.Role == ParameterRole.Keys
        || (shape.Role == ParameterRole.Queries && all.All(other => other.Kind != ParameterKind.Convolution));

    private Dictionary<string, Tensor> Keep(IReadOnlyDictionary<string, Tensor> weights) =>
        weights.ToDictionary(weight => weight.Key, weight => Keep(weight.Value), StringComparer.Ordinal);

    private Tensor Keep(Tensor tensor)
    {
        var own = tensor.detach().DetachFromDisposeScope();
        kept.Add(own);
        return own;
    }

    /// <summary>A layer on its way through the pass over the mini-batch, with what is differentiated.</summary>
    private sealed record TrackedLayer(Tensor Input, LayerOutput Output, ImmutableArray<Tensor> Maps);

    private interface IPass
    {
        double Seconds { get; }
    }

    private sealed class Pass<T>(NetworkEvidence all, Func<T> run) : IPass
    {
        private T? value;

        public bool HasRun { get; private set; }

        public double Seconds { get; private set; }

        public T Value
        {
            get
            {
                if (!HasRun)
                {
                    // A pass that asks for another runs that first and does not count its time as its own.
                    var before = all.secondsOfPasses;
                    var clock = Stopwatch.StartNew();
                    using var scope = NewDisposeScope();
                    value = run();
                    Seconds = clock.Elapsed.TotalSeconds - (all.secondsOfPasses - before);
                    all.secondsOfPasses += Seconds;
                    HasRun = true;
                }

                all.used.Add(this);
                return value!;
            }
        }
    }
}
