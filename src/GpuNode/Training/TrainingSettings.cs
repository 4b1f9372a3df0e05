namespace LPZero.GpuNode.Training;

/// <summary>How every architecture of a benchmark is trained: masked-token or next-token prediction with Adam.</summary>
/// <param name="Steps">Number of optimizer steps.</param>
/// <param name="BatchSize">Sequences in a step (B).</param>
/// <param name="SequenceLength">Tokens in a sequence (T).</param>
/// <param name="LearningRate">Peak learning rate; it rises linearly over the warm-up and falls linearly to 0 after it.</param>
/// <param name="WarmupSteps">Steps of the warm-up.</param>
/// <param name="MaskedShare">
/// Probability with which a token is masked and an encoder has to predict it; decoders predict every next one.
/// </param>
/// <param name="GradientNorm">Gradients of a larger norm are scaled down to it.</param>
/// <param name="ValidationSequences">Held-out sequences that the truth is measured on.</param>
public sealed record TrainingSettings(
    int Steps, int BatchSize, int SequenceLength, double LearningRate, int WarmupSteps, double MaskedShare, double GradientNorm,
    int ValidationSequences);

/// <summary>What a training showed on the held-out sequences.</summary>
/// <param name="Loss">Mean cross entropy of the tokens to predict, in nats; not finite where the training diverged.</param>
/// <param name="Accuracy">Share of the tokens to predict whose most probable prediction is right.</param>
public sealed record TrainingOutcome(double Loss, double Accuracy);
